import type { KubernetesObject } from "./kubernetes.ts";

/** Where a carrier keeps the Pod it starts. */
export interface PodTemplate {
  /** PodSpec as in the manifest */
  readonly spec: Readonly<Record<string, unknown>>;
  /** field path of the spec: "spec.template.spec" */
  readonly path: string;
  /** of the Pod, not of the carrier */
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

/** Catalogue entry: one kind of object that carries SQL, one file. */
export interface Source {
  readonly id: string;
  readonly title: string;
  /** "group/resource", the empty group is "core" */
  readonly resource: string;
  /**
   * Its main containers serve instead of ending. They speak to databases all day, so only a recognised tool in them is a
   * migration; in initContainers reaching a database is enough (design section 6, Reach).
   */
  readonly serves: boolean;
  /** null: it starts no Pod, its text is read where a run refers to it */
  podSpec(object: KubernetesObject): PodTemplate | null;
}
