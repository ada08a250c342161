import { fields, stringsOf } from "../model/fields.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { PodTemplate } from "../model/source.ts";

/** The Pod template at a dotted path, "" for the object itself; null if there is no PodSpec. */
export function templateAt(object: KubernetesObject, path: string): PodTemplate | null {
  let template: Readonly<Record<string, unknown>> = object;
  for (const field of path === "" ? [] : path.split(".")) template = fields(template[field]);
  const spec = fields(template["spec"]);
  if (Object.keys(spec).length === 0) return null;
  const metadata = fields(template["metadata"]);
  return {
    spec,
    path: path === "" ? "spec" : `${path}.spec`,
    annotations: stringsOf(metadata["annotations"]),
    labels: stringsOf(metadata["labels"]),
  };
}
