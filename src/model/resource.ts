import type { AdmissionRequest } from "./kubernetes.ts";

/** "batch/jobs", "core/configmaps", "postgresql.cnpg.io/clusters/scale" */
export function resourceOf(request: AdmissionRequest): string {
  const { group, resource } = request.resource;
  const base = `${group === "" ? "core" : group}/${resource}`;
  return request.subResource === "" ? base : `${base}/${request.subResource}`;
}
