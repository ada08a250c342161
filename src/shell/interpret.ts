import { type ParsedScript, parse } from "unbash";
import type { Files, Invocation, Opaque, Origin, Word } from "../model/run.ts";
import { runCommand } from "./dispatch.ts";
import {
  type Context,
  type Engine,
  type Outcome,
  type ProcessStart,
  report,
  reportAt,
  type Session,
  type Shell,
  silent,
} from "./engine.ts";
import { originAt, type Source, toSource } from "./source.ts";
import { fork, newState } from "./state.ts";
import { runStatements } from "./statements.ts";
import { inSubshell, substitute } from "./subshell.ts";
import { unknownValue } from "./variables.ts";
import { isKnown, text } from "./words.ts";

/** What surrounds a script: the container's environment, its files, the arguments, where the text stands. */
export interface ShellContext {
  readonly env: ReadonlyMap<string, Word>;
  readonly files: Files;
  /** $0, $1, … */
  readonly positional: readonly Word[];
  readonly origin: Origin;
  readonly workingDir: string;
  /** how many shells deep the script runs; past 5 nothing is read */
  readonly depth: number;
}

/** Every command a script may run, in the order of its text, and what could not be read. */
export interface ShellReading {
  readonly invocations: readonly Invocation[];
  readonly opaque: readonly Opaque[];
}

const LONGEST_SCRIPT = 65_536;
const DEEPEST = 5;

/** Reads a script without running anything: all branches, with values known or unknown. Never throws for bad input. */
export function interpret(script: Word, context: ShellContext): ShellReading {
  return reading(context, (shell) => runText(script, context.origin, shell, topContext()));
}

/** A container's command and arguments: shells, wrappers and mounted scripts are read, any other program is reported. */
export function interpretCommand(argv: readonly Word[], context: ShellContext): ShellReading {
  const call = { origin: context.origin, env: new Map(), programsOnly: true };
  return reading(context, (shell) => runCommand(argv, shell, topContext(), call));
}

/** Deep nesting can exhaust the stack: then what was found so far counts, and the rest is opaque. */
function reading(context: ShellContext, visit: (shell: Shell) => Outcome): ShellReading {
  const shell = newShell(context);
  const { session } = shell;
  try {
    visit(shell);
    runTraps(shell);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    session.muted = 0;
    report(shell, "the script is too deeply nested to be followed", "unreadable", context.origin);
  }
  return { invocations: session.invocations, opaque: session.opaque };
}

const engine: Engine = { runStatements, runCommand, runText, runProcess, substitute };

function topContext(): Context {
  return { stdin: { current: { kind: "none" } }, guarded: false, final: true };
}

function newShell(context: ShellContext): Shell {
  const session: Session = {
    files: context.files,
    invocations: [],
    opaque: [],
    muted: 0,
    dead: 0,
    steps: 0,
    exhausted: false,
    jumps: 0,
    assigned: new Set(),
  };
  const [scriptName = ["sh"], ...positional] = context.positional;
  return {
    session,
    engine,
    source: { text: "", origin: context.origin, holes: [] },
    depth: context.depth,
    bash: false,
    state: newState(context.env, scriptName, positional, [context.workingDir]),
    input: { current: { kind: "none" } },
    calls: [],
    loops: [],
    returns: [],
    scopes: [],
    undecided: 0,
    traps: [],
  };
}

/** What traps run comes last; by then every variable the script sets may hold anything. */
function runTraps(shell: Shell): void {
  for (let trap = shell.traps.shift(); trap !== undefined; trap = shell.traps.shift()) {
    const state = fork(shell.state);
    for (const name of shell.session.assigned) {
      state.variables.set(name, { value: unknownValue(`${name}, when the trap runs`), exported: false });
    }
    const context: Context = { stdin: { current: { kind: "none" } }, guarded: true, final: false };
    runText(trap.script, trap.origin, { ...shell, state, loops: [], returns: [], scopes: [] }, context);
  }
}

/** Parses a text and runs it in the given shell. */
function runText(script: Word, origin: Origin, shell: Shell, context: Context): Outcome {
  const source = readable(script, origin, shell);
  if (source === null) return silent("unknown");
  const inner: Shell = { ...shell, source, depth: shell.depth + 1 };
  const tree: ParsedScript = parse(source.text);
  for (const error of tree.errors ?? []) {
    reportAt(inner, `a part of the script that cannot be read: ${error.message}`, "unreadable", error.pos);
  }
  const outcome = runStatements(tree.commands, inner, context);
  shell.state = inner.state;
  return outcome;
}

/** A process of its own: it gets the environment, and of what it changes only the files stay. */
function runProcess(script: Word, origin: Origin, shell: Shell, context: Context, start: ProcessStart): Outcome {
  // The status of its last command is its own: that ends the outer script where errexit holds.
  const final = context.final || (shell.state.errexit && !context.guarded);
  return inSubshell(shell, (sub) => {
    const { files, workingDir } = sub.state;
    sub.state = {
      ...newState(start.env, start.scriptName, start.positional, workingDir),
      files,
      errexit: start.errexit,
    };
    sub.state.pipefail = start.pipefail;
    return runText(script, origin, { ...sub, bash: start.bash }, { ...context, final });
  });
}

/** Null, with a reason reported, when the text is not one a parser may see. */
function readable(script: Word, origin: Origin, shell: Shell): Source | null {
  const source = toSource(script, origin);
  const length = source?.text.length ?? 0;
  if (!isKnown(script) && !script.some((piece) => typeof piece === "string" && piece.trim() !== "")) {
    report(shell, `the script is not known: ${text(script)}`, "program", origin);
    return null;
  }
  if (source === null || length > LONGEST_SCRIPT) {
    report(
      shell,
      source === null ? "the script holds characters reserved here" : "the script is longer than 64 KiB",
      "unreadable",
      origin,
    );
    return null;
  }
  if (shell.depth >= DEEPEST) {
    report(shell, `scripts within scripts more than ${DEEPEST} deep`, "unreadable", origin);
    return null;
  }
  reportPasted(script, source, shell);
  return source;
}

/** A value pasted into the text by Kubernetes is read by the shell as program text, whatever it holds. */
function reportPasted(script: Word, source: Source, shell: Shell): void {
  if (isKnown(script)) return;
  for (const piece of source.holes) {
    const reason = `${piece.unknown} is pasted into the script before the shell reads it: use "$NAME" in place of $(NAME)`;
    report(shell, reason, "untrusted", originAt(source, 0));
  }
}
