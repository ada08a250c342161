import type { ParsedScript, Statement } from "unbash";
import type { Files, Invocation, Opaque, Origin, Stdin, Word } from "../model/run.ts";
import { originAt, type Source } from "./source.ts";
import type { State, Variable } from "./state.ts";

/** Whether a command succeeds, as far as that can be known without running it. */
export type Status = "success" | "failure" | "unknown";

/** What a command leaves behind beside the changed state. */
export interface Outcome {
  /** what it prints, and where that text stands when it is one file's */
  readonly output: Word;
  readonly origin: Origin | null;
  readonly status: Status;
  /** it may print more, on standard error */
  readonly stray: boolean;
}

/** Standard input shared by the commands of a group: what one has read is not there for the next. */
export interface Channel {
  current: Stdin;
}

export interface Context {
  readonly stdin: Channel;
  /** the script itself looks at the result (if, ||, !), so errexit does not apply */
  readonly guarded: boolean;
  /** a failure is the script's own failure even without errexit: last command, `|| exit` */
  readonly final: boolean;
}

/** What all scripts of one reading share. */
export interface Session {
  readonly files: Files;
  readonly invocations: Invocation[];
  readonly opaque: Opaque[];
  /** > 0 while looking at a loop only to learn what it changes: nothing is reported */
  muted: number;
  /** > 0 in a branch that is surely not taken: visited, but it changes nothing */
  dead: number;
  steps: number;
  exhausted: boolean;
  /** how often break, continue, return or exit was met on a way that may be taken */
  jumps: number;
  /** every name the script assigns anywhere: unknown by the time a trap runs */
  readonly assigned: Set<string>;
}

/** One shell process (or subshell) while it is read. */
export interface Shell {
  readonly session: Session;
  readonly engine: Engine;
  readonly source: Source;
  readonly depth: number;
  /** bash is known to be the interpreter: its own quoting rules hold */
  readonly bash: boolean;
  state: State;
  /** standard input of the command being read: its substitutions share it */
  input: Channel;
  /** names of the functions being called, innermost last */
  readonly calls: readonly string[];
  /** states at break, continue and return, to be joined where they lead */
  readonly loops: State[][];
  readonly returns: State[][];
  /** variables hidden by `local`, innermost function last */
  readonly scopes: Scope[];
  /** how many undecided conditions and loops surround the command */
  undecided: number;
  readonly traps: Trap[];
}

interface Trap {
  readonly script: Word;
  readonly origin: Origin;
}

/** The variables a called function made its own, and how undecided it was that it is called. */
export interface Scope {
  readonly hidden: Map<string, Hidden>;
  readonly undecided: number;
}

/** What a function's own variable was before, and whether it surely is hidden. */
export interface Hidden {
  readonly before: Variable | undefined;
  readonly certain: boolean;
}

/** The parts that call each other in a circle, handed over so that the files need not. */
export interface Engine {
  runStatements(statements: readonly Statement[], shell: Shell, context: Context): Outcome;
  /** a command after all expansion; `env` holds what is set for it alone */
  runCommand(argv: readonly Word[], shell: Shell, context: Context, call: Call): Outcome;
  /** another script text, in this shell (eval, source) */
  runText(script: Word, origin: Origin, shell: Shell, context: Context): Outcome;
  /** another script text in a shell process of its own (sh -c, sh file) */
  runProcess(script: Word, origin: Origin, shell: Shell, context: Context, start: ProcessStart): Outcome;
  substitute(script: ParsedScript, shell: Shell): Outcome;
}

export interface Call {
  readonly origin: Origin;
  readonly env: ReadonlyMap<string, Word>;
  /** functions do not count: `command`, `env`, `exec` and the like look for programs only */
  readonly programsOnly: boolean;
}

export interface ProcessStart {
  readonly bash: boolean;
  readonly scriptName: Word;
  readonly positional: readonly Word[] | null;
  readonly errexit: boolean;
  readonly pipefail: boolean;
  readonly env: ReadonlyMap<string, Word>;
}

/** Something that prints nothing and ends as `status` says. */
export function silent(status: Status): Outcome {
  return { output: [], origin: null, status, stray: false };
}

export function report(shell: Shell, reason: string, kind: Opaque["kind"], origin: Origin): void {
  const { session } = shell;
  if (session.muted > 0) return;
  const seen = session.opaque.some((other) => other.reason === reason && other.origin.line === origin.line);
  if (!seen) session.opaque.push({ reason, kind, origin });
}

/** `report` with an offset into the shell's own source. */
export function reportAt(shell: Shell, reason: string, kind: Opaque["kind"], offset: number): void {
  report(shell, reason, kind, originAt(shell.source, offset));
}

/** A command the shell itself runs. */
export type Builtin = (args: readonly Word[], shell: Shell, context: Context, call: Call) => Outcome;
