/** An AdmissionReview of a Job's creation, as the API server writes it: fields in its order, nothing left out that it sends. */
export function jobReview(uid: string, extra: Readonly<Record<string, unknown>> = {}) {
  const job = { group: "batch", version: "v1", kind: "Job" };
  const jobs = { group: "batch", version: "v1", resource: "jobs" };
  const object = {
    kind: "Job",
    apiVersion: "batch/v1",
    metadata: { name: "mig", namespace: "production", uid: "0b1f" },
    spec: {
      template: { spec: { containers: [{ name: "m", image: "postgres:17", command: ["psql", "-c", "SELECT 1"] }] } },
    },
  };
  return {
    kind: "AdmissionReview",
    apiVersion: "admission.k8s.io/v1",
    request: {
      ...{
        uid,
        kind: job,
        resource: jobs,
        requestKind: job,
        requestResource: jobs,
        name: "mig",
        namespace: "production",
      },
      ...{ operation: "CREATE", userInfo: { username: "ann", groups: ["system:authenticated"] } },
      ...{ object, oldObject: null, dryRun: false, options: { kind: "CreateOptions", apiVersion: "meta.k8s.io/v1" } },
      ...extra,
    },
  };
}
