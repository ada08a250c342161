import type { FileReading, Files, Origin, Word } from "../model/run.ts";
import { reportAt, type Shell } from "./engine.ts";
import { directoryOf, fullPath } from "./paths.ts";
import { reportWritten } from "./program-places.ts";
import { originAt } from "./source.ts";
import { known, text, unknownWord } from "./words.ts";

/** The files as a command started now sees them; relative paths start at the shell's working directory. */
export function filesOf(shell: Shell): Files {
  const base = shell.session.files;
  const { workingDir } = shell.state;
  const written = new Map(shell.state.files);
  const lost = "a relative path, and the working directory is not known";
  return {
    read(path) {
      const full = fullPath(path, workingDir);
      if (full === null) return { kind: "unknown", reason: lost };
      return written.get(full) ?? base.read(full);
    },
    list(directory) {
      const full = fullPath(directory, workingDir);
      if (full === null) return { kind: "unknown", reason: lost };
      const mounted = base.list(full);
      if (mounted.kind === "unknown") return mounted;
      const added = [...written.keys()].filter((path) => directoryOf(path) === full);
      return { kind: "known", paths: [...new Set([...mounted.paths, ...added])].sort() };
    },
  };
}

/** Reads a file a word names: unknown names and working directories give an unknown reading. */
export function readFile(shell: Shell, file: Word): FileReading {
  const path = known(file);
  return path === null ? { kind: "unknown", reason: "the file's name is not known" } : filesOf(shell).read(path);
}

/** Run or read by a client or shell before what it was called with. */
const STARTUP_FILE =
  /(?:^|\/)(?:\.psqlrc[\w.-]*|psqlrc|\.pg_service\.conf|\.my\.cnf|\.bashrc|\.bash_profile|\.profile)$/;

function reportBends(shell: Shell, file: Word): void {
  reportWritten(shell, file, originAt(shell.source, 0));
  const last = file.at(-1);
  if (typeof last !== "string" || !STARTUP_FILE.test(last)) return;
  reportAt(shell, `writes ${text(file)}, which runs before what is read here`, "untrusted", 0);
}

/** A file the script writes. Over a mounted file the write fails or not: what is read later cannot be known. */
export function writeFile(shell: Shell, file: Word, reading: FileReading): void {
  reportBends(shell, file);
  const path = known(file);
  const full = path === null ? null : fullPath(path, shell.state.workingDir);
  if (full === null) forgetFiles(shell, "a file whose name is not known was written");
  else if (isMounted(shell, full)) {
    shell.state.files.set(full, { kind: "unknown", reason: `${full} is mounted and the script writes over it` });
  } else shell.state.files.set(full, reading);
}

/** Every file the script wrote may hold something else from here on. */
function forgetFiles(shell: Shell, reason: string): void {
  for (const path of shell.state.files.keys()) shell.state.files.set(path, { kind: "unknown", reason });
}

/** A command that is not modelled may change the written files it names. */
export function touchFiles(shell: Shell, argv: readonly Word[], reason: string): void {
  for (const path of shell.state.files.keys()) {
    if (argv.some((word) => mayName(word, path))) shell.state.files.set(path, { kind: "unknown", reason });
  }
}

function mayName(word: Word, path: string): boolean {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const text = known(word);
  return text === null || text.includes(name) || (text.length > 1 && path.startsWith(`${text}/`)) || text === ".";
}

function isMounted(shell: Shell, path: string): boolean {
  const base = shell.session.files;
  return base.read(path).kind === "text" || base.list(directoryOf(path)).kind === "known";
}

/** Text as a file's content: wholly unknown text has only its reason. */
export function fileOf(text: Word, origin: Origin): FileReading {
  const [first, ...rest] = text;
  const unknown = rest.length === 0 && first !== undefined && typeof first !== "string";
  return unknown ? { kind: "unknown", reason: first.unknown } : { kind: "text", text, origin };
}

/** What a file holds before something is appended to it. */
export function heldBy(reading: FileReading): Word {
  if (reading.kind === "text") return reading.text;
  return reading.kind === "absent" ? [] : unknownWord(reading.reason);
}
