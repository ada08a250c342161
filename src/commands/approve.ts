import { readFile, writeFile } from "node:fs/promises";
import type { FileObject } from "../adapters/files.ts";
import { sshSign } from "../adapters/ssh.ts";
import {
  type Approval,
  approvalNamespace,
  approvalPrefix,
  formatApproval,
  mergeApproval,
  parseApproval,
  signedText,
} from "../evidence/approval-annotation.ts";
import { annotateManifest } from "./annotate-manifest.ts";
import { type ApprovalOrder, readOrder } from "./approval-order.ts";
import { worthless } from "./approve-worth.ts";
import { type Command, type ExitCode, type Io, UsageError } from "./command.ts";
import { type FoundUnit, findUnits, type UnitSearch } from "./find-units.ts";

/** What `approve` needs from the outside. */
export interface ApproveDeps {
  /** all units of the paths with one of these digests */
  find(search: UnitSearch): Promise<readonly FoundUnit[]>;
  read(file: string): Promise<string>;
  write(file: string, text: string): Promise<void>;
  /** a key file, or a .pub file of a key in the agent → SSHSIG in base64 */
  sign(key: string, namespace: string, text: string): Promise<string>;
  now(): Date;
}

/** `approve`: consent to digests, printed or written into the manifests. */
export const approve: Command = {
  name: "approve",
  usage: "approve DIGEST[,DIGEST] --as APPROVER [--in PATH]… [options]",
  summary: "write your approval of these digests into the manifests",
  help: `Writes your consent to exactly what these digests cover, as the annotation
approval.migration-gate.dev/<approver> of the object that a denial or \`digest\` named. Without --in it
only prints the annotation, to be pasted under metadata.annotations. Approvals count once they are
merged: the annotation belongs in Git, because Flux takes away what kubectl annotates. With --in,
an approval that the policy would count for nothing is refused.

  --as APPROVER            who approves: an approver's id in the policy
  --in PATH                file or folder of manifests to write it to (may be repeated)
  --policies DIR           policy files: who may approve, whose images are trusted (default: ./policies)
  --cluster DIR            a folder of YAML as the cluster: the target is part of the digest
  --context NAME           a real cluster instead, by kubeconfig context
  --until T                when it ends: a duration (12h, 7d) or an RFC 3339 time; without it, never
  --ref TICKET             ticket or pull request that says why
  --sign-with KEY          sign with this SSH private key (ssh-keygen asks for its passphrase)
  --sign-with-agent PUB    sign with the key in ssh-agent whose .pub file this is

Exit code: 0 written or printed, 2 not.

  migration-gate approve sha256:ddea1d31d0c4dafc1e615b8e2c18ad7f4d1a54320b99dcdc33d21905edebae61 \\
    --as alice --in examples/drop-column --cluster examples/cluster --until 7d --ref OPS-42`,
  run: (args, io) => runApprove(args, io, { ...world, find: (search) => findUnits(search, io) }),
};

const world = {
  read: (file: string) => readFile(file, "utf8"),
  write: (file: string, text: string) => writeFile(file, text),
  sign: sshSign,
  now: () => new Date(),
};

/** `approve`: prints an approval, or writes it into the manifests. Throws UsageError for a misuse. */
export async function runApprove(args: readonly string[], io: Io, deps: ApproveDeps): Promise<ExitCode> {
  const order = readOrder(args, deps.now());
  if (order.paths.length === 0) return await print(order, io, deps);
  const { digests } = order.approval;
  const units = await deps.find({ ...order, digests });
  const absent = digests.filter((digest) => !units.some((unit) => unit.digest === digest));
  if (absent.length > 0) return refuse(io, absentText(absent, order));
  const edits = await editsOf(units, order, deps);
  for (const { file, text } of edits) await deps.write(file, text);
  for (const edit of edits) io.out(edit.report);
  return 0;
}

async function print(order: ApprovalOrder, io: Io, deps: ApproveDeps): Promise<ExitCode> {
  const value = formatApproval(await signed(order.approval, order, deps));
  io.err("paste this under metadata.annotations of the object, commit it, and have it merged:\n");
  io.out(`${approvalPrefix}${order.approver}: ${JSON.stringify(value)}\n`);
  return 0;
}

interface Edit {
  readonly file: string;
  readonly text: string;
  readonly report: string;
}

/** All files as they will be, before any is written. In a file from the bottom up, so that lines above stay where they are. */
async function editsOf(units: readonly FoundUnit[], order: ApprovalOrder, deps: ApproveDeps): Promise<readonly Edit[]> {
  const edits: Edit[] = [];
  for (const file of [...new Set(units.map(({ place }) => place.file))]) {
    let text = await deps.read(file);
    let report = "";
    for (const [place, here] of byObject(units.filter((unit) => unit.place.file === file))) {
      const approval = await approvalFor(place, here, order, deps);
      const value = formatApproval(approval);
      const reason = worthless({ approver: order.approver, value }, here, deps.now());
      if (reason !== null) throw new UsageError(`${at(place)}: not written, it would count for nothing: ${reason}`);
      const annotated = annotateManifest(text, place, `${approvalPrefix}${order.approver}`, value);
      if (annotated === null)
        throw new UsageError(`${at(place)}: its annotations cannot be edited; leave --in out and paste it`);
      text = annotated;
      report = `${reportOf(place, here, approval, order)}${report}`;
    }
    edits.push({ file, text, report });
  }
  return edits;
}

function byObject(units: readonly FoundUnit[]): readonly [FileObject, readonly FoundUnit[]][] {
  const objects = new Map<string, [FileObject, FoundUnit[]]>();
  for (const unit of units) {
    const known = objects.get(at(unit.place));
    if (known === undefined) objects.set(at(unit.place), [unit.place, [unit]]);
    else known[1].push(unit);
  }
  return [...objects.values()].toSorted(([one], [other]) => other.line - one.line);
}

async function approvalFor(
  place: FileObject,
  units: readonly FoundUnit[],
  order: ApprovalOrder,
  deps: ApproveDeps,
): Promise<Approval> {
  const here = { ...order.approval, digests: [...new Set(units.map(({ digest }) => digest))] };
  const written = place.object.metadata.annotations?.[`${approvalPrefix}${order.approver}`];
  if (written === undefined) return await signed(here, order, deps);
  const known = parseApproval(written);
  if (known.kind === "malformed") {
    throw new UsageError(
      `${at(place)}: ${order.approver}'s approval there cannot be read: ${known.reason}; mend or remove it`,
    );
  }
  if (known.approval.sig !== null && order.key === null) {
    throw new UsageError(
      `${at(place)}: ${order.approver}'s approval there is signed; sign this one too with --sign-with`,
    );
  }
  return await signed(mergeApproval(known.approval, here, deps.now()), order, deps);
}

async function signed(approval: Approval, { approver, key }: ApprovalOrder, deps: ApproveDeps): Promise<Approval> {
  if (key === null) return approval;
  return { ...approval, sig: await deps.sign(key, approvalNamespace, signedText(approver, approval)) };
}

function reportOf(
  place: FileObject,
  units: readonly FoundUnit[],
  approval: Approval,
  { approver }: ApprovalOrder,
): string {
  const { kind, metadata } = place.object;
  const name = metadata.namespace === undefined ? metadata.name : `${metadata.namespace}/${metadata.name}`;
  const end = approval.until === null ? "" : ` until ${approval.until}`;
  const older = approval.digests.length - new Set(units.map(({ digest }) => digest)).size;
  const also = older > 0 ? `  and ${older} approved before\n` : "";
  const lines = units.map(({ digest, covers }) => `  ${digest}  ${covers}\n`);
  return `${at(place)}: ${kind} ${name}: ${approver} approves${end}\n${lines.join("")}${also}`;
}

function at({ file, line }: FileObject): string {
  return `${file}:${line}`;
}

/** Mostly it is the database that is not in sight, and with it another digest. */
function absentText(digests: readonly string[], { paths, cluster, context }: ApprovalOrder): string {
  const where = paths.join(" ");
  const isBlind = cluster === null && context === null;
  const cause = isBlind ? "its database is not in sight, it changed since" : "it changed since";
  const wayOut = isBlind ? "give --cluster (the folder with the database's manifests), or leave" : "leave";
  const list =
    context === null
      ? `. migration-gate digest ${where}${cluster === null ? "" : ` --cluster ${cluster}`} lists what is there`
      : "";
  return `nothing in ${where} has digest ${digests.join(", ")}: ${cause}, or it stands elsewhere: ${wayOut} --in out and paste the annotation${list}`;
}

function refuse(io: Io, text: string): ExitCode {
  io.err(`migration-gate approve: ${text}\n`);
  return 2;
}
