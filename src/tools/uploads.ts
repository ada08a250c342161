import type { Word } from "../model/run.ts";
import { knownText } from "../model/word.ts";
import type { NamedCall } from "./wrappers.ts";

/**
 * What backup scripts put behind pg_dump: packers, ciphers, and uploads to an object store. Only commands that add there:
 * deleting objects, or the prune of a backup tool, may take a backup away.
 */
const commands: Readonly<Record<string, readonly string[]>> = {
  aws: ["s3 cp", "s3 ls", "s3api put-object", "sts get-caller-identity", "configure set"],
  gsutil: ["cp", "ls", "-q cp", "-m cp"],
  gcloud: ["storage cp", "storage ls", "auth activate-service-account", "config set"],
  az: ["storage blob upload", "login"],
  s3cmd: ["put", "ls"],
  mc: ["cp", "pipe", "ls", "mb", "alias set", "config host"],
  rclone: ["copy", "copyto", "rcat", "ls", "lsf", "mkdir"],
  restic: ["backup", "snapshots", "init", "check"],
  kubectl: ["get", "wait", "annotate", "label", "version"],
};

const packers: ReadonlySet<string> = new Set("gpg age openssl pigz lz4 lzop pbzip2 split zip".split(" "));

/** Options of all of these that name a program, a library or settings that may. */
const startsProgram = /^-(?:-?(?:engine|provider|config|filter)|-password-command|-[\w-]*program)|^RCLONE_/;

/** Whether a call only packs, enciphers or uploads. */
export function isUpload({ name, args }: NamedCall): boolean {
  const texts = args.map(knownText);
  if (texts.some((text) => text !== null && startsProgram.test(text))) return false;
  if (packers.has(name)) return true;
  if (name === "tar") return /^-?c[a-zA-Z]*$|^--create$/.test(texts[0] ?? "") && !texts.some(isTarProgram);
  const allowed = Object.hasOwn(commands, name) ? (commands[name] ?? []) : [];
  return allowed.some((command) => command.split(" ").every((word, at) => texts[at] === word));
}

/** -I, -F and the long options that start one; a word that is not known may be any of them. */
function isTarProgram(text: string | null): boolean {
  return (
    text === null || /^--(?:checkpoint-action|to-command|use-compress|info-script|new-volume|rsh)|^-\w*[IF]/.test(text)
  );
}

/** Plain awk: no program is started, no file written, none read but those named. */
export function isPlainAwk(args: readonly Word[]): boolean {
  const texts = args.map(knownText);
  const at = texts.findIndex((text) => text === null || !/^-[Fv]/.test(text));
  const script = texts[at];
  if (texts.slice(at + 1).some((text) => text?.startsWith("-") === true)) return false;
  const isAttached = texts.slice(0, at).every((text) => text !== null && text.length > 2);
  return isAttached && typeof script === "string" && !script.startsWith("-") && !/system|getline|[|>@]/.test(script);
}
