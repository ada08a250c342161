import type { FileReading, Word } from "../model/run.ts";
import { type Call, type Context, type Outcome, type ProcessStart, report, type Shell, silent } from "./engine.ts";
import { applyFlags } from "./settings.ts";
import { environment } from "./variables.ts";
import { readFile } from "./virtual-files.ts";
import { known, text } from "./words.ts";

const SHELLS = new Set(["sh", "bash", "dash", "ash"]);

export function isShell(program: string): boolean {
  return SHELLS.has(program);
}

interface Options {
  readonly state: { errexit: boolean; pipefail: boolean };
  command: boolean;
  /** the arguments after the options */
  rest: readonly Word[];
}

/** `sh -ec 'script' name args`, `bash file args`, `sh` reading its script from standard input. */
export function runShellProgram(
  name: string,
  args: readonly Word[],
  shell: Shell,
  context: Context,
  call: Call,
): Outcome {
  const options = readOptions(args, shell);
  if (options === null) {
    report(shell, `${name} with options that are not known`, "dynamic", call.origin);
    return silent("unknown");
  }
  const [first, ...rest] = options.rest;
  const start = (scriptName: Word, positional: readonly Word[]): ProcessStart => ({
    bash: name === "bash",
    scriptName,
    positional: certain(positional),
    errexit: options.state.errexit,
    pipefail: options.state.pipefail,
    env: environment(shell, call.env),
  });
  if (first === undefined) return runInput(name, shell, context, call, start([name], []));
  if (options.command) {
    return shell.engine.runProcess(first, call.origin, shell, context, start(rest[0] ?? [name], rest.slice(1)));
  }
  const reading = readFile(shell, first);
  if (reading.kind === "text") {
    return shell.engine.runProcess(reading.text, reading.origin, shell, context, start(first, rest));
  }
  return unreadable(text(first), reading, shell, call);
}

/** A mounted script run by its own path: its first line names the interpreter. */
export function runScriptFile(
  file: Extract<FileReading, { kind: "text" }>,
  argv: readonly Word[],
  shell: Shell,
  context: Context,
  call: Call,
): Outcome {
  const [name = [], ...args] = argv;
  const interpreter = interpreterOf(known(file.text.slice(0, 1)) ?? "");
  if (interpreter === null) {
    report(shell, `${text(name)} is a script of another language`, "program", call.origin);
    return silent("unknown");
  }
  return shell.engine.runProcess(file.text, file.origin, shell, context, {
    bash: interpreter.includes("bash"),
    scriptName: name,
    positional: certain(args),
    errexit: interpreter.some((word) => word.startsWith("-") && word.includes("e")),
    pipefail: false,
    env: environment(shell, call.env),
  });
}

/** The words of a `#!` line that names a shell; the plain shell without one; null for other languages. */
function interpreterOf(script: string): readonly string[] | null {
  if (!script.startsWith("#!")) return ["sh"];
  const line = script.slice(2, script.includes("\n") ? script.indexOf("\n") : undefined);
  const words = line
    .trim()
    .split(" ")
    .map((word) => word.slice(word.lastIndexOf("/") + 1));
  return words.some((word) => SHELLS.has(word)) ? words : null;
}

function runInput(name: string, shell: Shell, context: Context, call: Call, start: ProcessStart): Outcome {
  const { current } = context.stdin;
  if (current.kind === "text") {
    const inner = {
      ...context,
      stdin: { current: { kind: "unknown", reason: "what is left of the script" } as const },
    };
    return shell.engine.runProcess(current.text, current.origin, shell, inner, start);
  }
  if (current.kind === "none") return silent("success");
  report(shell, `${name} runs a script that cannot be read: ${current.reason}`, "program", call.origin);
  return silent("unknown");
}

function unreadable(file: string, reading: FileReading, shell: Shell, call: Call): Outcome {
  const why = reading.kind === "unknown" ? reading.reason : "it is not there";
  report(shell, `the script ${file} cannot be read: ${why}`, "program", call.origin);
  return silent("unknown");
}

/** Null if an unknown word stands where options may be: it may be one, or the file. */
function readOptions(args: readonly Word[], shell: Shell): Options | null {
  const flagged = { state: { ...shell.state, errexit: false, pipefail: false } };
  const options: Options = { state: flagged.state, command: false, rest: args };
  for (let [word, ...rest] = options.rest; word !== undefined; [word, ...rest] = options.rest) {
    const flags = known(word) ?? (options.command ? "" : null);
    if (flags === null) return null;
    if (!isFlags(flags)) return options;
    options.rest = rest;
    if (ENDS_OPTIONS.has(flags)) return options;
    readFlags(flags, options, flagged);
  }
  return options;
}

const ENDS_OPTIONS = new Set(["--", "-"]);

/** `-euo pipefail`, `-c`, `-lc`; an `o` takes the next argument. */
function readFlags(flags: string, options: Options, shell: { state: Shell["state"] }): void {
  if (flags.startsWith("--")) return;
  const named = flags.includes("o");
  applyFlags(shell, flags, named ? known(options.rest[0] ?? []) : null);
  if (named) options.rest = options.rest.slice(1);
  options.command ||= flags.includes("c");
}

function isFlags(word: string): boolean {
  return word.startsWith("-") || word.startsWith("+");
}

function certain(words: readonly Word[]): readonly Word[] | null {
  return words.some((word) => word.some((piece) => typeof piece !== "string" && piece.splits === true)) ? null : words;
}
