import type { Connection, Invocation, Mount, Opaque, Origin, Step, Word } from "../model/run.ts";
import type { Tool, ToolConnection, ToolStep } from "../model/tool.ts";
import { knownText, unknownsOf } from "../model/word.ts";
import { isGiven } from "../tools/connection.ts";
import { maskedArgv } from "../tools/masking.ts";
import type { CallReading } from "../tools/read-call.ts";

/** What all steps of a container have in common. */
export interface StepFrame {
  readonly container: string;
  readonly init: boolean;
  readonly image: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly mounts: readonly Mount[];
  /** Secrets the container gets in any way */
  readonly secrets: readonly string[];
  /** what its variables say about a database, for steps that say nothing */
  readonly connection: ToolConnection;
}

const noStep: ToolStep = {
  subcommand: null,
  destructive: null,
  options: [],
  sql: [],
  opaque: [],
  commands: [],
  connection: null,
};

/** A call of a tool as a step. */
export function toolStep(call: Extract<CallReading, { kind: "tool" }>, invocation: Invocation, frame: StepFrame): Step {
  const { tool, step } = call;
  return { ...framed(step, frame, invocation.argv, tool, invocation.origin), tool: tool.id, dialect: tool.dialect };
}

/** Something that runs and cannot be read. */
export function opaqueStep(argv: readonly Word[], opaque: readonly Opaque[], origin: Origin, frame: StepFrame): Step {
  return framed({ ...noStep, opaque }, frame, argv, null, origin);
}

/** Whatever runs where a Cluster's data files are may delete them. */
export function volumeStep(volume: string, argv: readonly Word[], origin: Origin, frame: StepFrame): Step {
  const reason = `volume ${volume} of a Cluster is mounted: what runs here can change its files`;
  return opaqueStep(argv, [{ kind: "program", reason, origin }], origin, frame);
}

function framed(step: ToolStep, frame: StepFrame, argv: readonly Word[], tool: Tool | null, origin: Origin): Step {
  const { container, init, image, environment, mounts } = frame;
  return {
    container,
    init,
    image,
    argv: maskedArgv(argv, tool),
    command: argv,
    tool: null,
    subcommand: step.subcommand,
    destructive: step.destructive,
    options: step.options,
    sql: step.sql,
    opaque: step.opaque,
    connection: connectionOf(step.connection ?? frame.connection, frame.secrets),
    origin,
    commands: step.commands,
    dialect: "postgresql",
    environment,
    mounts,
  };
}

/** A host that is written out needs no Secret to say where it leads; otherwise every Secret at hand may carry it. */
function connectionOf(told: ToolConnection, secrets: readonly string[]): Connection {
  const words = [...told.hosts, told.port, told.database, ...told.credentials];
  const named = words.flatMap((word) => unknownsOf(word).flatMap((part) => part.secret?.name ?? []));
  const isWritten = told.hosts.length > 0 && told.hosts.every((host) => knownText(host) !== null && isGiven(host));
  const { hosts, port, database } = told;
  const all = isWritten || named.length > 0 ? named : secrets;
  return { hosts, port, database, secrets: [...new Set(all)].sort() };
}
