import type { Files, Invocation, Opaque, Origin, Step, Word } from "../model/run.ts";
import type { Container, PodContext } from "../pods/containers.ts";
import { describeEnvironment, environmentOf } from "../pods/environment.ts";
import { filesOf } from "../pods/files.ts";
import { mountsOf } from "../pods/mounts.ts";
import { clusterVolumes, databaseReferences } from "../pods/reach.ts";
import { secretsOf } from "../pods/secrets.ts";
import { bendsOf } from "../pods/trust.ts";
import { usualClients } from "../pods/usual-clients.ts";
import { interpretCommand } from "../shell/interpret.ts";
import { tools } from "../tools/index.ts";
import { maskedArgv } from "../tools/masking.ts";
import { readCall } from "../tools/read-call.ts";
import { hookBends, withBends } from "./bends.ts";
import { type Command, hooksOf, isAttachable, startOf, workingDirOf } from "./commands.ts";
import { containerConnection } from "./container-connection.ts";
import { opaqueStep, type StepFrame, toolStep, volumeStep } from "./steps.ts";

/** How suspicious to be of a container. */
export interface RunRules {
  /** image patterns of the policy, beside the usual clients */
  readonly images: readonly string[];
  readonly unknownWorkloads: "ignore" | "deny";
  /** its main containers serve: their own program is no migration (Source.serves) */
  readonly serves: boolean;
  /** for people: "Job production/migrate" */
  readonly carrier: string;
}

/** What one container does to databases. */
export interface ContainerRun {
  readonly steps: readonly Step[];
  /** a tool is recognised, or something says which database it reaches */
  readonly reaches: boolean;
}

/** Everything known about a container before its commands are read. */
interface Setting {
  readonly container: Container;
  readonly env: ReadonlyMap<string, Word>;
  readonly files: Files;
  readonly frame: StepFrame;
  readonly rules: RunRules;
}

/** Reads a container's own command (or `command` in its place, for exec), its hooks and its probes. */
export function readContainer(
  container: Container,
  pod: PodContext,
  rules: RunRules,
  command: Command | null,
): ContainerRun {
  const env = environmentOf(container, pod);
  const setting: Setting = {
    container,
    env,
    files: filesOf(container, env, pod),
    frame: frameOf(container, env, pod),
    rules,
  };
  const { own, hooks, argv, isServer } = readSteps(setting, command);
  const steps = [...own, ...hooks];
  const words = [...argv, ...steps.flatMap((step) => step.command)];
  const references = isServer ? [] : databaseReferences(container, env, words, pod);
  const volumes = command === null ? clusterVolumes(container, pod) : [];
  const kept = [
    ...stepsThatCount(steps, references, setting),
    ...volumes.map((name) => volumeStep(name, argv, originOf(setting, "volumeMounts"), setting.frame)),
  ];
  const bends = kept.some(({ sql }) => sql.length > 0)
    ? [...bendsOf(container, env, setting.files, pod, trustedImages(rules)), ...hookBends(own, hooks, container)]
    : [];
  return { steps: kept.map((step) => withBends(step, bends, rules.carrier)), reaches: kept.length > 0 };
}

interface CommandSteps {
  readonly own: readonly Step[];
  readonly hooks: readonly Step[];
  readonly argv: readonly Word[];
  readonly isServer: boolean;
}

function readSteps(setting: Setting, command: Command | null): CommandSteps {
  const { container, env } = setting;
  if (command !== null) return { own: readCommand(command, setting), hooks: [], argv: command.argv, isServer: false };
  const start = startOf(container, env);
  const hooks = hooksOf(container).flatMap((hook) => readCommand(hook, setting));
  switch (start.kind) {
    case "command":
      return { own: readCommand(start.command, setting), hooks, argv: start.command.argv, isServer: false };
    case "entrypoint":
      return { own: [entrypointStep(start.args, setting)], hooks, argv: start.args, isServer: false };
    case "server":
      return { own: [], hooks, argv: [], isServer: true };
  }
}

/**
 * A container is a run if a tool is recognised in it or something says which database it reaches. One that serves speaks to
 * its database all day: there the tool alone counts, and its own program is none of the gate's business.
 */
function stepsThatCount(steps: readonly Step[], references: readonly string[], setting: Setting): readonly Step[] {
  const { container, frame, rules } = setting;
  const usesTool = steps.some(({ tool }) => tool !== null);
  if (rules.serves && !container.init)
    return usesTool ? steps.filter(({ tool, opaque }) => tool !== null || !isProgram(opaque)) : [];
  // stricter: any Secret may hold a database's address
  const mayReach = references.length > 0 || (rules.unknownWorkloads === "deny" && frame.secrets.length > 0);
  return usesTool || mayReach ? steps : [];
}

function frameOf(container: Container, env: ReadonlyMap<string, Word>, pod: PodContext): StepFrame {
  return {
    container: container.name,
    init: container.init,
    image: container.image,
    environment: describeEnvironment(env),
    mounts: mountsOf(container, pod),
    secrets: secretsOf(container, pod),
    connection: containerConnection(env),
  };
}

function trustedImages(rules: RunRules): readonly string[] {
  return [
    ...usualClients,
    ...tools.flatMap(({ images }) => images.map(({ repository }) => repository)),
    ...rules.images,
  ];
}

function isProgram(opaque: readonly Opaque[]): boolean {
  return opaque.every(({ kind }) => kind === "program");
}

/** Every call in a command, in order, then what of it could not be read. */
function readCommand(command: Command, setting: Setting): readonly Step[] {
  const { container, env, files, frame, rules } = setting;
  const origin: Origin = { object: rules.carrier, key: command.key, line: 1 };
  const workingDir = workingDirOf(container);
  const reading = interpretCommand(command.argv, { env, files, positional: [], origin, workingDir, depth: 0 });
  const calls = reading.invocations.flatMap((invocation) => callStep(withStdin(invocation, container), frame));
  const unread = reading.opaque.length === 0 ? [] : [opaqueStep(command.argv, reading.opaque, origin, frame)];
  return [...calls, ...unread];
}

function withStdin(invocation: Invocation, container: Container): Invocation {
  if (invocation.stdin.kind !== "none" || !isAttachable(container)) return invocation;
  return {
    ...invocation,
    stdin: { kind: "unknown", reason: "the container keeps it open for whoever attaches (stdin: true)" },
  };
}

function callStep(invocation: Invocation, frame: StepFrame): readonly Step[] {
  const call = readCall(invocation);
  if (call.kind === "harmless") return [];
  if (call.kind === "tool") return [toolStep(call, invocation, frame)];
  const name = maskedArgv(invocation.argv.slice(0, 2), null).join(" ");
  const reason = `${name}: a program that no tool file knows`;
  return [
    opaqueStep(invocation.argv, [{ kind: "program", reason, origin: invocation.origin }], invocation.origin, frame),
  ];
}

function entrypointStep(args: readonly Word[], setting: Setting): Step {
  const { container, frame } = setting;
  const origin = originOf(setting, "image");
  const reason = `image ${container.image} runs its own entrypoint; name the command in the manifest`;
  return opaqueStep(
    [[`<entrypoint of ${container.image}>`], ...args],
    [{ kind: "program", reason, origin }],
    origin,
    frame,
  );
}

function originOf({ container, rules }: Setting, field: string): Origin {
  return { object: rules.carrier, key: `${container.path}.${field}`, line: 1 };
}
