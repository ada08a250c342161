import { parseArgs } from "node:util";
import { parseObjects } from "../adapters/files.ts";
import { filesAt } from "../adapters/git.ts";
import type { Gate } from "../gate/review.ts";
import type { Decision } from "../model/decision.ts";
import { checkReports } from "../report/check.ts";
import { type Command, type ExitCode, type Io, oneOf, UsageError } from "./command.ts";
import { openManifests, readPolicies } from "./manifests.ts";
import { type FileRequest, requestsOf } from "./requests.ts";

const formats = ["text", "json", "markdown", "sarif"] as const;

/** `check`: the gate's own decision on rendered manifests. */
export const check: Command = {
  name: "check",
  usage: "check PATH… [options]",
  summary: "judge rendered manifests exactly as the webhook would",
  help: `Judges every object of the paths (files, folders, - for standard input) as the webhook
would when it is applied. Give it what kustomize build, helm template or flux build print.

A namespace counts as enforced if it bears the label, or if its Namespace is not among the
paths; a policy must then select it by name. Give each environment by itself: two different
objects of one name are refused.

Without a cluster, evidence that exists only at sync time (a recovery point) is listed as
"at sync" and does not fail; what Git can settle (approvals, targets, readable SQL) does.

  --policies DIR     policy files (default: ./policies)
  --cluster DIR      a folder of YAML as the cluster: judge recovery points by it too
  --context NAME     a real cluster, by kubeconfig context
  --since REF        only what changed since a Git revision; what is gone counts as deleted
  --strict           fail on evidence that exists only at sync time as well
  --now TIME         judge as of this time (RFC 3339)
  -o, --output F     text (default), json, markdown, sarif

Exit code: 0 nothing denied, 1 something denied, 2 could not judge.

  kustomize build clusters/production | migration-gate check - --policies policies
  migration-gate check deploy/ --since origin/main -o markdown`,
  run,
};

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      ...{ policies: { type: "string" }, cluster: { type: "string" }, context: { type: "string" } },
      ...{ since: { type: "string" }, now: { type: "string" }, strict: { type: "boolean" } },
      output: { type: "string", short: "o", default: "text" },
    },
  });
  const format = oneOf("--output", values.output, formats);
  if (values.cluster !== undefined && values.context !== undefined) {
    throw new UsageError("--cluster and --context: give one of them");
  }
  const opened = await openManifests(
    {
      paths: positionals,
      cluster: values.cluster ?? null,
      context: values.context ?? null,
      policies: await readPolicies(values.policies),
      now: values.now === undefined ? null : timeOf(values.now),
    },
    io,
  );
  try {
    const before = values.since === undefined ? null : await objectsAt(values.since, positionals);
    if (opened.objects.length + (before?.length ?? 0) === 0) {
      throw new UsageError(`no Kubernetes object is in ${positionals.join(", ")}: did what renders them fail?`);
    }
    const requests = requestsOf(opened.objects, before);
    const decisions = await judgeAll(requests, opened.gate, io);
    const spoken = decisions.filter(({ decision, units }) => decision !== "allow" || units.length > 0);
    io.out(checkReports[format](spoken, opened.objects, { objects: requests.length, isTerminal: io.isTerminal }));
    return exitCode(decisions, values.strict === true);
  } finally {
    await opened.close();
  }
}

async function judgeAll(requests: readonly FileRequest[], gate: Gate, io: Io): Promise<readonly Decision[]> {
  const decisions: Decision[] = [];
  for (const [index, { request }] of requests.entries()) {
    if (io.showsProgress) io.err(`\rjudging ${index + 1} of ${requests.length}`);
    decisions.push(await gate.judge({ request, failOpen: false }, AbortSignal.timeout(60_000)));
  }
  if (io.showsProgress) io.err("\r\u001b[K");
  return decisions;
}

const notJudged: ReadonlySet<Decision["code"]> = new Set(["MG-UNAVAILABLE", "MG-NO-POLICY"]);

function exitCode(decisions: readonly Decision[], strict: boolean): ExitCode {
  const unjudged = ({ code, decision }: Decision) => decision === "deny" && notJudged.has(code);
  if (decisions.some(unjudged)) return 2;
  const fails = ({ decision, missing }: Decision) => decision === "deny" || (strict && missing.length > 0);
  return decisions.some(fails) ? 1 : 0;
}

async function objectsAt(revision: string, paths: readonly string[]) {
  if (paths.includes("-")) throw new UsageError("--since needs files in Git: standard input has no history");
  const texts = await filesAt(revision, paths);
  return [...texts].flatMap(([file, text]) => parseObjects(file, text));
}

function timeOf(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new UsageError(`--now ${text}: give a time like 2026-11-24T12:00:00Z`);
  return time;
}
