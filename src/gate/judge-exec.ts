import { type Scope, strictest } from "../facts/scope.ts";
import type { Decision } from "../model/decision.ts";
import { items, textOf } from "../model/fields.ts";
import type { Subject } from "../model/gate.ts";
import type { JudgeRun } from "../model/judge.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";
import { objectOf, stopped, untouched } from "./passed.ts";

const clusterLabel = "cnpg.io/cluster";
const shells = new Set(["sh", "bash", "ash", "dash", "zsh", "psql"]);

/**
 * kubectl exec and attach. A command that carries SQL is a run of its own. An interactive shell or client on a CNPG Pod
 * says nothing of what will be typed: the policy's `interactiveExec` decides. Anything else is not about a database.
 */
export async function judgeExec(
  { options }: Extract<Subject, { kind: "exec" }>,
  request: AdmissionRequest,
  scopes: readonly Scope[],
  world: World,
  judgeRun: JudgeRun,
  signal: AbortSignal,
): Promise<Decision> {
  const object = objectOf(request);
  const mode = strictest(scopes.map((scope) => scope.mode));
  if (mode === "off") return untouched(object, "the namespace is not labelled");
  const pod = await world.reader.get("Pod", request.namespace, request.name, signal);
  if (pod === null) return untouched(object, "the Pod does not exist");
  const command = items(options["command"]).map(textOf);
  if (isInteractive(command)) return interactive(request, pod, scopes, world);
  const container = textOf(options["container"]);
  const exec = { container, command };
  const carrier = onItsCluster(pod);
  return await judgeRun({ request, object, source: "pod", carrier, moment: "admission", incoming: null, exec }, signal);
}

/** attach has no command at all; a shell or client without arguments waits for what is typed. */
function isInteractive(command: readonly string[]): boolean {
  const [program, ...rest] = command;
  if (program === undefined) return true;
  const name = program.slice(program.lastIndexOf("/") + 1);
  return shells.has(name) && rest.every((word) => word.startsWith("-") && !/^-{1,2}(c|f|command|file)/.test(word));
}

function interactive(
  request: AdmissionRequest,
  pod: KubernetesObject,
  scopes: readonly Scope[],
  world: World,
): Decision {
  const object = objectOf(request);
  const cluster = pod.metadata.labels?.[clusterLabel];
  const [own] = scopes;
  if (cluster === undefined || own === undefined) return untouched(object, "no shell on a database's Pod");
  const selected = selectPolicy(world.policies(), own.namespace, own.labels);
  const care = "policy" in selected ? selected.policy.interactiveExec : "warn";
  if (care === "allow") return untouched(object, "the policy allows interactive shells");
  const reason = `what is typed into a shell on Cluster ${own.namespace}/${cluster} is not judged`;
  const remedy = "give the statement with psql -c, or put it into a migration";
  const obstacle = { evidence: "gate", reason, remedy, atSync: false, digests: [] } as const;
  return stopped(object, care === "deny" ? "MG-DENIED" : "MG-WARNED", obstacle, care === "deny" ? own.mode : "audit");
}

/** An instance's own client connects by its socket: the Pod's Cluster is the target, as its owner reference says. */
function onItsCluster(pod: KubernetesObject): KubernetesObject {
  const owner = pod.metadata.ownerReferences?.find(
    ({ kind, apiVersion }) => kind === "Cluster" && apiVersion.startsWith("postgresql.cnpg.io/"),
  );
  if (owner === undefined) return pod;
  const target = `${pod.metadata.namespace}/${owner.name}`;
  const annotations = { ...pod.metadata.annotations, "migration-gate.dev/target": target };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}
