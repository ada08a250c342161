import { parseArgs } from "node:util";
import { configMapReader } from "../facts/config-maps.ts";
import { readTrust } from "../facts/scope.ts";
import { readLocateFacts } from "../facts/targets.ts";
import { extract } from "../gate/extract.ts";
import { identify } from "../gate/identify.ts";
import { locate } from "../gate/locate.ts";
import { parse } from "../gate/parse.ts";
import type { AdmissionRequest } from "../model/kubernetes.ts";
import type { Location, ParsedStep, Run } from "../model/run.ts";
import { displayWord } from "../model/word.ts";
import type { World } from "../ports.ts";
import { type Command, type ExitCode, type Io, oneOf } from "./command.ts";
import { openManifests } from "./manifests.ts";
import { requestsOf } from "./requests.ts";

/** `inspect`: what the gate sees in each object, without judging. */
export const inspect: Command = {
  name: "inspect",
  usage: "inspect PATH… [options]",
  summary: "show what the gate sees in each object, without judging",
  help: `Shows every run in the manifests as a tree: its steps with tool and command, the SQL by
origin, what cannot be read and why, and which database it reaches.

  --cluster DIR      a folder of YAML as the cluster
  -o, --output F     text (default), json

Exit code: 0 shown, 2 could not read.

  migration-gate inspect deploy/production`,
  run,
};

interface Seen {
  readonly run: Run;
  readonly steps: readonly ParsedStep[];
}

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { cluster: { type: "string" }, output: { type: "string", short: "o", default: "text" } },
  });
  const format = oneOf("--output", values.output, ["text", "json"] as const);
  const cluster = values.cluster ?? null;
  const opened = await openManifests({ paths: positionals, cluster, context: null, policies: [], now: null }, io);
  try {
    const seen: Seen[] = [];
    for (const { request } of requestsOf(opened.objects, null)) {
      const found = await see(request, opened.world, AbortSignal.timeout(60_000));
      if (found?.run.reaches === true) seen.push(found);
    }
    io.out(format === "json" ? `${JSON.stringify(asJson(seen), null, 2)}\n` : asText(seen));
    return 0;
  } finally {
    await opened.close();
  }
}

async function see(request: AdmissionRequest, world: World, signal: AbortSignal): Promise<Seen | null> {
  const subject = identify(request, world.settings, new Set());
  if (subject.kind !== "run") return null;
  const facts = await readLocateFacts(world, signal);
  const trust = await readTrust([request.namespace], world, signal);
  const readConfigMap = configMapReader(request, null, world, signal);
  const found = await extract(subject.carrier, subject.source, { ...trust, clusters: facts.clusters, readConfigMap });
  const located = found.steps.map((step) => ({
    step,
    location: locate(step, found.claimedTarget, request.namespace, facts),
  }));
  return { run: found, steps: await parse(located, world.analyzer, signal) };
}

function asJson(seen: readonly Seen[]) {
  return {
    version: 1,
    runs: seen.map(({ run: { object }, steps }) => ({
      object,
      steps: steps.map(({ step, texts }) => ({
        ...{ container: step.container, init: step.init, argv: step.argv, tool: step.tool },
        ...{ subcommand: step.subcommand, destructive: step.destructive },
        sql: texts.map(({ origin, statements }) => ({ origin, statements: statements.map(({ display }) => display) })),
        opaque: [...step.opaque, ...texts.flatMap(({ opaque }) => opaque)].map(({ reason }) => ({ reason })),
      })),
      target: targetJson(steps),
    })),
  };
}

/** The first step's: a run with several targets shows each of them as text. */
function targetJson(steps: readonly ParsedStep[]) {
  const [first] = steps;
  if (first === undefined) return null;
  const { hosts, port, database } = first.step.connection;
  const { location } = first;
  return {
    host: hosts.map(displayWord).join(","),
    port: displayWord(port),
    database: location.kind === "cluster" ? location.target.database : displayWord(database),
    cluster:
      location.kind === "cluster" ? { namespace: location.target.namespace, name: location.target.cluster } : null,
    reason: location.reason,
  };
}

function asText(seen: readonly Seen[]): string {
  if (seen.length === 0) return "nothing here reaches a database\n";
  return `${seen.map(tree).join("\n\n")}\n`;
}

function tree({ run: { object }, steps }: Seen): string {
  const name = `${object.kind} ${object.namespace}/${object.name}`;
  return [name, ...steps.flatMap((step, index) => branch(step, index === steps.length - 1))].join("\n");
}

function branch({ step, location, texts }: ParsedStep, isLast: boolean): readonly string[] {
  const [joint, stem] = isLast ? ["└─", "  "] : ["├─", "│ "];
  const destroys = step.destructive === true ? "  (destroys by itself)" : "";
  const tool = step.tool ?? "unknown program";
  const leaves = [
    `reaches  ${whereTo(location)}`,
    ...texts.flatMap(({ origin, statements, opaque, errors }) => [
      `sql      ${origin.object} ${origin.key}`,
      ...statements.map(({ display, line }) => `           ${line}: ${display}`),
      ...opaque.map(({ line, reason }) => `           ${line}: opaque: ${reason}`),
      ...errors.map(({ line, message }) => `           ${line}: unreadable: ${message}`),
    ]),
    ...step.opaque.map(({ kind, reason }) => `opaque   ${kind}: ${reason}`),
  ];
  return [
    `${joint} ${step.init ? "init " : ""}${step.container}: ${tool}: ${step.argv.join(" ")}${destroys}`,
    ...leaves.map((leaf) => `${stem}   ${leaf}`),
  ];
}

function whereTo(location: Location): string {
  switch (location.kind) {
    case "cluster": {
      const { namespace, cluster, database } = location.target;
      return `Cluster ${namespace}/${cluster}, database ${database} (${location.reason})`;
    }
    case "external":
      return `${location.host}/${location.database}, outside this cluster (${location.reason})`;
    case "unknown":
      return `unknown: ${location.reason}`;
  }
}
