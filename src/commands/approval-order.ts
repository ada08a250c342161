import { parseArgs } from "node:util";
import { type Approval, isDigest, isTicket, parseTime } from "../evidence/approval-annotation.ts";
import { UsageError } from "./command.ts";

/** What the command line asks for. */
export interface ApprovalOrder {
  readonly approver: string;
  readonly approval: Approval;
  readonly paths: readonly string[];
  /** folder of policy files; undefined is the usual one */
  readonly policies: string | undefined;
  /** folder of YAML as the cluster, or null */
  readonly cluster: string | null;
  /** kubeconfig context of a real cluster, or null */
  readonly context: string | null;
  readonly key: string | null;
}

/** Arguments of `approve` → what they ask for. Throws UsageError, which says what is allowed. */
export function readOrder(args: readonly string[], now: Date): ApprovalOrder {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      as: { type: "string" },
      in: { type: "string", multiple: true, default: [] },
      ...{ policies: { type: "string" }, cluster: { type: "string" }, context: { type: "string" } },
      until: { type: "string" },
      ref: { type: "string" },
      "sign-with": { type: "string" },
      "sign-with-agent": { type: "string" },
    },
  });
  if (values.cluster !== undefined && values.context !== undefined) {
    throw new UsageError("--cluster and --context: give one of them");
  }
  const approval: Approval = {
    digests: readDigests(positionals),
    at: utc(now),
    until: values.until === undefined ? null : readUntil(values.until, now),
    ref: readTicket(values.ref),
    sig: null,
  };
  const key = readKey(values["sign-with"], values["sign-with-agent"]);
  const where = { cluster: values.cluster ?? null, context: values.context ?? null, policies: values.policies };
  return { approver: readApprover(values.as), approval, paths: values.in, ...where, key };
}

function readDigests(positionals: readonly string[]): readonly string[] {
  const digests = [...new Set(positionals.flatMap((each) => each.split(",")).map((each) => each.trim()))];
  if (digests.length === 0) throw new UsageError("give the digests to approve, as a denial or `digest` prints them");
  const wrong = digests.find((digest) => !isDigest(digest));
  if (wrong !== undefined) throw new UsageError(`${wrong} is no digest: it must be sha256: and 64 small hex digits`);
  return digests;
}

function readTicket(text: string | undefined): string | null {
  const ticket = text?.trim() ?? null;
  if (ticket === null || isTicket(ticket)) return ticket;
  throw new UsageError("--ref: a ticket on one line, at most 200 characters and no semicolon");
}

/** The id becomes part of an annotation's name, so the API server's rule for those holds. */
function readApprover(id: string | undefined): string {
  if (id === undefined) throw new UsageError("say who approves: --as APPROVER, an approver's id in the policy");
  if (/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/.test(id)) return id;
  throw new UsageError(`--as ${id}: an approver's id has at most 63 letters, digits, '.', '_' and '-'`);
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

function readUntil(text: string, now: Date): string {
  const duration = /^([1-9]\d{0,5})([smhd])$/.exec(text);
  const until = duration ? utc(new Date(now.getTime() + Number(duration[1]) * (unitMs[duration[2] ?? ""] ?? 0))) : text;
  const time = parseTime(until);
  if (time === null)
    throw new UsageError(`--until ${text}: a duration like 12h or 7d, or a time like 2026-12-24T18:00:00Z`);
  if (time <= now.getTime()) throw new UsageError(`--until ${text}: that is over`);
  return until;
}

function readKey(file: string | undefined, agentKey: string | undefined): string | null {
  if (file !== undefined && agentKey !== undefined) throw new UsageError("--sign-with or --sign-with-agent, not both");
  if (agentKey !== undefined && !agentKey.endsWith(".pub")) {
    throw new UsageError(`--sign-with-agent ${agentKey}: give the .pub file of the key that the agent holds`);
  }
  return file ?? agentKey ?? null;
}

/** Seconds are enough, and stay the same text everywhere. */
function utc(date: Date): string {
  return date.toISOString().replace(/\.\d{3}Z$/, "Z");
}
