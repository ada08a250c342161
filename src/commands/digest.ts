import { parseArgs } from "node:util";
import type { Decision, Unit } from "../model/decision.ts";
import { type Command, type ExitCode, type Io, oneOf } from "./command.ts";
import { openManifests, readPolicies } from "./manifests.ts";
import { requestsOf } from "./requests.ts";

/** `digest`: the digests to approve, and what each covers. */
export const digest: Command = {
  name: "digest",
  usage: "digest PATH… [options]",
  summary: "print the digests to approve, and what each covers",
  help: `Prints one digest for every unit (one SQL text in its context, one opaque step, one cluster
change) of the manifests. An approval names such a digest, so it is void when the SQL, its
order, its options or its target change, and stays when only comments or formatting do.

  --policies DIR     policy files (default: ./policies)
  --cluster DIR      a folder of YAML as the cluster: the target is part of the digest
  --all              also units that nobody has to approve
  -o, --output F     text (default), json

Exit code: 0 printed, 2 could not read.

  migration-gate digest deploy/production`,
  run,
};

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      policies: { type: "string" },
      cluster: { type: "string" },
      all: { type: "boolean", default: false },
      output: { type: "string", short: "o", default: "text" },
    },
  });
  const format = oneOf("--output", values.output, ["text", "json"] as const);
  const decisions = await decisionsOn(positionals, values.policies, values.cluster, io);
  const rows = decisions.flatMap((decision) => decision.units.map((unit) => ({ decision, unit })));
  const shown = rows.filter(({ unit }) => values.all || unit.findings.length > 0);
  io.out(format === "json" ? `${JSON.stringify(asJson(shown), null, 2)}\n` : asText(shown));
  return 0;
}

/** Decisions on everything in the paths; the digests do not depend on policy or evidence. */
async function decisionsOn(
  paths: readonly string[],
  policies: string | undefined,
  cluster: string | undefined,
  io: Io,
): Promise<readonly Decision[]> {
  const pointed = {
    ...{ paths, cluster: cluster ?? null, context: null, now: null },
    policies: await readPolicies(policies),
  };
  const opened = await openManifests(pointed, io);
  try {
    const decisions: Decision[] = [];
    for (const { request } of requestsOf(opened.objects, null)) {
      decisions.push(await opened.gate.judge({ request, failOpen: false }, AbortSignal.timeout(60_000)));
    }
    return decisions;
  } finally {
    await opened.close();
  }
}

interface Row {
  readonly decision: Decision;
  readonly unit: Unit;
}

function asJson(rows: readonly Row[]) {
  return {
    version: 1,
    digests: rows.map(({ decision, unit }) => ({
      ...{ object: decision.object, unit: unit.covers, target: unit.target, digest: unit.digest },
    })),
  };
}

function asText(rows: readonly Row[]): string {
  const blocks = rows.map(({ decision: { object }, unit: { digest: value, covers, target } }) => {
    const where = target === null ? "unknown" : `${target.namespace}/${target.cluster}/${target.database}`;
    const name = `${object.kind} ${object.namespace}/${object.name}`;
    return `${value}\n  ${name}: ${covers}\n  target: ${where}`;
  });
  return `${blocks.length === 0 ? "nothing here needs an approval" : blocks.join("\n")}\n`;
}
