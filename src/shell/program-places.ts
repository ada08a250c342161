import type { Origin, Word } from "../model/run.ts";
import { report, type Shell } from "./engine.ts";
import { fullPath } from "./paths.ts";
import { known, text } from "./words.ts";

/** Folders of programs, libraries and their settings. */
const PLACES = /^\/(?:bin|sbin|lib|lib64|usr|etc|opt)(?:\/|$)/;

/** A client or shell in a folder that is not known. */
const CLIENT = /\/(?:psql|mysql|mariadb|flyway|liquibase|migrate|goose|dbmate|sh|bash)$/;

/** These change all files they name; the others only the last one. */
const ALL = new Set("rm mv tee chmod touch truncate".split(" "));
const LAST = new Set("cp ln install dd curl wget tar unzip".split(" "));

/** What is written, taken away or replaced here decides what runs under a known name: then what is read is not what runs. */
export function reportWritten(shell: Shell, file: Word, origin: Origin): void {
  if (isProgramPlace(shell, file)) report(shell, `writes ${text(file)}, where programs live`, "untrusted", origin);
}

/** The same for programs that change files: those they name, or the folder they stand in. */
export function reportChanged(shell: Shell, program: string, args: readonly Word[], origin: Origin): void {
  const files = ALL.has(program) ? args : args.slice(-1);
  if (!ALL.has(program) && !LAST.has(program)) return;
  for (const file of files) reportWritten(shell, file, origin);
  if (PLACES.test(known(shell.state.workingDir) ?? "")) reportWritten(shell, ["."], origin);
}

function isProgramPlace(shell: Shell, file: Word): boolean {
  const path = known(file);
  const last = file.at(-1);
  if (path === null) return typeof last === "string" && CLIENT.test(last);
  if (path.startsWith("-")) return false;
  const full = fullPath(path, shell.state.workingDir);
  return full === null ? CLIENT.test(`/${path}`) : PLACES.test(full);
}
