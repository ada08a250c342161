/**
 * Kubernetes' own controllers, by the user names the API server reports. The last one of each set is who they all are
 * where the controller manager runs without --use-service-account-credentials.
 */
const controllerManager = "system:kube-controller-manager";

function controllers(...names: readonly string[]): ReadonlySet<string> {
  return new Set([...names.map((name) => `system:serviceaccount:kube-system:${name}`), controllerManager]);
}

/** They make the Pods of Jobs, exactly as a Job's template says. */
export const jobControllers = controllers("job-controller");

/** They make the Pods of Deployments and the like, and the ReplicaSets. */
export const workloadControllers = controllers(
  "deployment-controller",
  "replicaset-controller",
  "statefulset-controller",
  "daemon-set-controller",
);

/** They clean up what is finished, orphaned or in a dying namespace: they must never be stopped. */
export const housekeepers = controllers(
  "cronjob-controller",
  "ttl-after-finished-controller",
  "generic-garbage-collector",
  "namespace-controller",
);
