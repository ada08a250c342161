import type { Decision } from "../model/decision.ts";
import { fields, textOf } from "../model/fields.ts";
import type { Subject } from "../model/gate.ts";
import type { JudgeRun } from "../model/judge.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { configMapReferences } from "../pods/config-maps.ts";
import type { World } from "../ports.ts";
import { objectOf, strongest, untouched } from "./passed.ts";

/**
 * A real change of a ConfigMap. Pods that were admitted with the old content and have not ended may read the new one:
 * each of their runs is judged again with it. Runs that are yet to come are judged when they come.
 */
export async function judgeConfigMap(
  { configMap }: Extract<Subject, { kind: "config-map" }>,
  request: AdmissionRequest,
  world: World,
  judgeRun: JudgeRun,
  signal: AbortSignal,
): Promise<Decision> {
  const object = objectOf(request);
  const pods = await world.reader.list("Pod", request.namespace, signal);
  const decisions: Decision[] = [];
  for (const carrier of pods.filter((pod) => isUnderWay(pod) && reads(pod, configMap.metadata.name))) {
    const question = { request, object, source: "pod", carrier, moment: "pod-start", incoming: configMap } as const;
    const decision = await judgeRun({ ...question, exec: null }, signal);
    if (decision.decision === "deny") return decision;
    decisions.push(decision);
  }
  return strongest(decisions, untouched(object, "no run under way reads it"));
}

/**
 * Not terminal, and a run. Pods of Deployments and the like read their ConfigMaps as they like, and so do the instances
 * of a Cluster; any other owner could be written into a run to hide it.
 */
function isUnderWay(pod: KubernetesObject): boolean {
  const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller === true);
  if (owner !== undefined && servers.some((group) => owner.apiVersion.startsWith(group))) return false;
  return !["Succeeded", "Failed"].includes(textOf(fields(pod["status"])["phase"]));
}

const servers = ["apps/", "postgresql.cnpg.io/"];

function reads(pod: KubernetesObject, name: string): boolean {
  return configMapReferences(fields(pod["spec"])).some((use) => use.name === name);
}
