import { configMapReader } from "../facts/config-maps.ts";
import { readTrust } from "../facts/scope.ts";
import { readLocateFacts } from "../facts/targets.ts";
import type { Decision } from "../model/decision.ts";
import { fields, items, textOf } from "../model/fields.ts";
import type { AdmissionRequest, KubernetesObject, Mode } from "../model/kubernetes.ts";
import type { Run } from "../model/run.ts";
import type { World } from "../ports.ts";
import { extract } from "./extract.ts";
import { objectOf, stopped, untouched } from "./passed.ts";

const abortAnnotation = "migration-gate.dev/abort";

/**
 * DELETE of a Job while its SQL may be running: Flux's force and prune would kill it half way. Service accounts are
 * denied, a person is warned; `migration-gate.dev/abort: <uid>` on the Job permits it. Finished or never started: allowed.
 */
export async function judgeRunDeletion(
  job: KubernetesObject,
  request: AdmissionRequest,
  mode: Mode,
  world: World,
  signal: AbortSignal,
): Promise<Decision> {
  const object = objectOf(request);
  if (isFinished(job)) return untouched(object, "the Job has ended");
  const { uid = "", annotations, deletionTimestamp } = job.metadata;
  if (typeof deletionTimestamp === "string") return untouched(object, "it is on its way out already");
  if (uid !== "" && annotations?.[abortAnnotation] === uid) return untouched(object, "its abort is written in Git");
  const facts = await readLocateFacts(world, signal);
  const trust = await readTrust([request.namespace], world, signal);
  const readConfigMap = configMapReader(request, null, world, signal);
  const run = await extract(job, "job", { ...trust, clusters: facts.clusters, readConfigMap });
  if (!run.reaches) return untouched(object, "nothing in it reaches a database");
  const pods = await world.reader.list("Pod", request.namespace, signal);
  const busy = pods.filter((pod) => isOwnedBy(pod, uid) && hasStartedSql(pod, run));
  if (busy.length === 0) return untouched(object, "its SQL has not started");
  const remedy = `wait until it has ended, or commit the annotation ${abortAnnotation}: ${uid} on it`;
  const reason = "a Pod of it has started the container that runs SQL";
  const care = request.userInfo.username.startsWith("system:serviceaccount:") ? mode : "audit";
  return stopped(object, "MG-RUNNING", { evidence: "running", reason, remedy, atSync: false, digests: [] }, care);
}

function isFinished(job: KubernetesObject): boolean {
  const conditions = items(fields(job["status"])["conditions"]).map(fields);
  return conditions.some(({ type, status }) => status === "True" && (type === "Complete" || type === "Failed"));
}

function isOwnedBy(pod: KubernetesObject, uid: string): boolean {
  return pod.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false;
}

function hasStartedSql(pod: KubernetesObject, run: Run): boolean {
  const status = fields(pod["status"]);
  if (["Succeeded", "Failed"].includes(textOf(status["phase"]))) return false;
  const names = new Set(run.steps.map(({ container }) => container));
  return [...items(status["initContainerStatuses"]), ...items(status["containerStatuses"])]
    .map(fields)
    .some((container) => {
      const state = fields(container["state"]);
      return (
        names.has(textOf(container["name"])) && (state["running"] !== undefined || state["terminated"] !== undefined)
      );
    });
}
