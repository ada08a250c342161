import { textOf } from "./fields.ts";
import type { AdmissionRequest, ObjectMeta } from "./kubernetes.ts";

/** "batch/jobs", "core/configmaps", "postgresql.cnpg.io/clusters/scale" */
export function resourceOf(request: AdmissionRequest): string {
  const { group, resource } = request.resource;
  const base = `${group === "" ? "core" : group}/${resource}`;
  return request.subResource === "" ? base : `${base}/${request.subResource}`;
}

/**
 * What an object is called in texts that must not differ between two tries: of a name that was generated only what somebody
 * wrote. The API server has generated it before it asks, another one each time.
 */
export function writtenName(metadata: Pick<ObjectMeta, "name" | "generateName">): string {
  const [name, prefix] = [textOf(metadata.name), textOf(metadata.generateName)];
  const isGenerated = prefix !== "" && (name === "" || name.startsWith(prefix));
  return isGenerated ? prefix : name;
}
