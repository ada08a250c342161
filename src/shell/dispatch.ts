import type { FileReading, Word } from "../model/run.ts";
import { builtins } from "./builtins.ts";
import { type Call, type Context, type Outcome, report, type Shell, silent } from "./engine.ts";
import { callFunction } from "./functions.ts";
import { isShell, runScriptFile, runShellProgram } from "./processes.ts";
import { reportChanged } from "./program-places.ts";
import { programs } from "./programs/index.ts";
import { environment } from "./variables.ts";
import { filesOf, readFile, touchFiles } from "./virtual-files.ts";
import { known, text, unknownWord } from "./words.ts";
import { unwrap } from "./wrappers.ts";
import { runFind, runXargs } from "./xargs.ts";

const MOST_INVOCATIONS = 2_000;
const SYSTEM_FOLDERS = new Set(["/bin", "/usr/bin", "/usr/local/bin", "/sbin", "/usr/sbin", "/usr/local/sbin"]);

/** These read the files they name and change none of them. */
const READERS = new Set(
  "psql mysql mariadb sqlite3 grep egrep fgrep head tail wc diff cmp stat test md5sum sha1sum sha256sum pg_isready flyway liquibase migrate goose dbmate atlas sqitch prisma sleep".split(
    " ",
  ),
);

/** -o and -L of psql, --output and the like: what is read stays as it is, what is written there does not. */
function namesOutput(word: Word): boolean {
  return /^-(?:\w*[oL]|-out|-log)/.test(known(word) ?? "");
}

/** A command after all expansion: a function, a builtin, a modelled program, a wrapper around another, or a program. */
export function runCommand(argv: readonly Word[], shell: Shell, context: Context, call: Call): Outcome {
  const [word = [], ...args] = argv;
  const name = known(word);
  if (name === null) {
    report(shell, `a command whose name is not known: ${text(word)}`, "program", call.origin);
    return invoke(argv, shell, context, call);
  }
  const program = (): Outcome => runProgram(name, argv, shell, context, call);
  const definition = shell.state.functions.get(name);
  if (definition !== undefined && !call.programsOnly)
    return callFunction(name, definition, args, shell, context, program);
  return program();
}

function runProgram(name: string, argv: readonly Word[], shell: Shell, context: Context, call: Call): Outcome {
  const args = argv.slice(1);
  const builtin = builtins.get(name);
  if (builtin !== undefined) return builtin(args, shell, context, call);
  const script = scriptFile(name, shell);
  if (script !== null) return runScriptFile(script, argv, shell, context, call);
  const base = systemName(name);
  if (base === null) return invoke(argv, shell, context, call);
  reportChanged(shell, base, args, call.origin);
  if (isShell(base)) return runShellProgram(base, args, shell, context, call);
  const modelled = programs.get(base)?.(args, { shell, stdin: context.stdin, origin: call.origin }) ?? null;
  if (modelled !== null) return modelled;
  const inner = inside(base, args, shell, context, call);
  return inner ?? invoke(argv, shell, context, call);
}

/** The commands another program runs; null if it runs none that can be read. */
function inside(base: string, args: readonly Word[], shell: Shell, context: Context, call: Call): Outcome | null {
  if (base === "xargs") return runXargs(args, shell, context, call);
  return base === "find" ? runFind(args, shell, context, call) : unwrap(base, args, shell, context, call);
}

/** `psql` and `/usr/bin/psql` are the same program; `/scripts/psql` is somebody's own. */
function systemName(name: string): string | null {
  const cut = name.lastIndexOf("/");
  if (cut === -1) return name;
  return SYSTEM_FOLDERS.has(name.slice(0, cut)) ? name.slice(cut + 1) : null;
}

/** A mounted or written file that is run by its path. */
function scriptFile(name: string, shell: Shell): Extract<FileReading, { kind: "text" }> | null {
  if (!name.includes("/")) return null;
  const reading = readFile(shell, [name]);
  return reading.kind === "text" ? reading : null;
}

/** A program this reader does not run: it is reported, and its output is unknown. */
function invoke(argv: readonly Word[], shell: Shell, context: Context, call: Call): Outcome {
  const name = known(argv[0] ?? []) ?? "a command";
  const { session, state } = shell;
  if (session.muted === 0 && session.invocations.length >= MOST_INVOCATIONS) {
    session.exhausted = true;
    report(shell, "the script runs too many commands to be followed", "unreadable", call.origin);
    return silent("unknown");
  }
  if (session.muted === 0) {
    session.invocations.push({
      argv,
      env: environment(shell, call.env),
      stdin: context.stdin.current,
      files: filesOf(shell),
      origin: call.origin,
      failureStops: context.final || (state.errexit && !context.guarded),
    });
  }
  // It may have read the input: what a later command of the same group finds there is not known.
  if (context.stdin.current.kind === "text") {
    context.stdin.current = { kind: "unknown", reason: `what ${name} left of the input` };
  }
  if (!READERS.has(name.slice(name.lastIndexOf("/") + 1)) || argv.some(namesOutput))
    touchFiles(shell, argv.slice(1), `may be changed by ${name}`);
  return { output: unknownWord(`output of ${name}`), origin: null, status: "unknown", stray: true };
}
