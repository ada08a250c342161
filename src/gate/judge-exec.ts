import { modeOfAll, type Scope } from "../facts/scope.ts";
import type { Decision } from "../model/decision.ts";
import { fields, items, textOf } from "../model/fields.ts";
import type { Subject } from "../model/gate.ts";
import type { JudgeRun } from "../model/judge.ts";
import type { AdmissionRequest, KubernetesObject } from "../model/kubernetes.ts";
import { selectPolicy } from "../policy.ts";
import type { World } from "../ports.ts";
import { objectOf, stopped, strongest, untouched } from "./passed.ts";

const shells = new Set(["sh", "bash", "ash", "dash", "zsh", "psql"]);

/**
 * kubectl exec and attach. A command that carries SQL is a run of its own. Whatever else is done inside a Pod of a Cluster
 * (a shell, something piped, `rm`) cannot be judged: the policy's `interactiveExec` decides, and so it does for programs
 * nobody knows elsewhere. The target decides in unlabelled namespaces, as for every run.
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
  const pod = await world.reader.get("Pod", request.namespace, request.name, signal);
  if (pod === null) return untouched(object, "the Pod does not exist");
  const command = items(options["command"]).map(textOf);
  const piped = options["stdin"] === true;
  const isInstance = clusterOf(pod) !== "";
  const typed = isInstance ? interactive(request, pod, scopes, world) : null;
  if (typed !== null && waitsForInput(command)) return typed;
  if (command.length === 0) return untouched(object, "what may be typed into it was judged when it came");
  const exec = { container: textOf(options["container"]), command };
  const carrier = isInstance ? onItsCluster(pod) : withStdin(pod, piped);
  const question = { request, object, source: "pod", carrier, moment: "admission", incoming: null, exec } as const;
  const decision = careForProgram(await judgeRun(question, signal), scopes, world);
  const isRead = decision.units.length > 0 && !piped;
  return typed === null || isRead ? decision : strongest([decision, typed], decision);
}

/** attach has no command at all; a shell or client without anything to run waits for what is typed. */
function waitsForInput(command: readonly string[]): boolean {
  const [program, ...rest] = command;
  if (program === undefined) return true;
  const name = program.slice(program.lastIndexOf("/") + 1);
  return shells.has(name) && rest.every((word) => word.startsWith("-") && !/^-{1,2}(\w*c|f|command|file)/.test(word));
}

function interactive(
  request: AdmissionRequest,
  pod: KubernetesObject,
  scopes: readonly Scope[],
  world: World,
): Decision {
  const object = objectOf(request);
  const mode = modeOfAll(scopes);
  if (mode === "off") return untouched(object, "the namespace is not labelled");
  const care = careOfShells(scopes, world);
  if (care === "allow") return untouched(object, "the policy allows interactive shells");
  const reason = `what is done inside a Pod of Cluster ${request.namespace}/${clusterOf(pod)} is not judged`;
  const remedy = "give the statement with psql -c, or put it into a migration";
  const obstacle = { evidence: "gate", reason, remedy, atSync: false, digests: [] } as const;
  if (care === "deny") return stopped(object, "MG-DENIED", obstacle, mode);
  return { ...stopped(object, "MG-WARNED", obstacle, "audit"), blocking: [], reason: "" };
}

/** `kubectl exec app -- curl localhost` carries no SQL, though the Pod reaches a database: as a shell, so an unknown program. */
function careForProgram(decision: Decision, scopes: readonly Scope[], world: World): Decision {
  const findings = decision.units.flatMap((unit) => unit.findings);
  const carriesSql =
    decision.units.some(({ kind }) => kind !== "opaque") || findings.some(({ rule }) => rule !== "program");
  const care = careOfShells(scopes, world);
  if (decision.decision !== "deny" || carriesSql || care === "deny") return decision;
  const reason = "an unknown program: the policy says interactiveExec: warn";
  return care === "allow"
    ? untouched(decision.object, "the policy allows interactive shells, and so unknown programs")
    : { ...decision, decision: "warn", reason };
}

function careOfShells(scopes: readonly Scope[], world: World): "allow" | "warn" | "deny" {
  const [own] = scopes;
  const selected = own === undefined ? null : selectPolicy(world.policies(), own.namespace, own.labels);
  return selected !== null && "policy" in selected ? selected.policy.interactiveExec : "warn";
}

/** The Cluster whose instance the Pod is: by its owner, or by CNPG's label, which alone would be enough to be careful. */
function clusterOf(pod: KubernetesObject): string {
  return ownerCluster(pod) || (pod.metadata.labels?.["cnpg.io/cluster"] ?? "");
}

function ownerCluster(pod: KubernetesObject): string {
  const owner = pod.metadata.ownerReferences?.find(
    ({ kind, apiVersion }) => kind === "Cluster" && apiVersion.startsWith("postgresql.cnpg.io/"),
  );
  return owner?.name ?? "";
}

/** An instance's own client connects by its socket: the Pod's Cluster is the target, as its owner reference says. */
function onItsCluster(pod: KubernetesObject): KubernetesObject {
  const owner = ownerCluster(pod);
  if (owner === "") return pod;
  const target = `${pod.metadata.namespace}/${owner}`;
  const annotations = { ...pod.metadata.annotations, "migration-gate.dev/target": target };
  return { ...pod, metadata: { ...pod.metadata, annotations } };
}

/** What is piped into the command is as unknown as what is typed into a container that keeps its input open. */
function withStdin(pod: KubernetesObject, piped: boolean): KubernetesObject {
  const spec = fields(pod["spec"]);
  const containers = items(spec["containers"]).map((container) => ({ ...fields(container), stdin: piped }));
  return { ...pod, spec: { ...spec, containers } };
}
