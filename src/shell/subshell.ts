import type { ParsedScript } from "unbash";
import { captured } from "./branches.ts";
import { type Outcome, reportAt, type Shell } from "./engine.ts";
import { fork } from "./state.ts";

/** Runs something in a copy of the shell: only the files it writes stay. */
export function inSubshell(shell: Shell, visit: (sub: Shell) => Outcome): Outcome {
  const sub: Shell = { ...shell, state: fork(shell.state), loops: [], returns: [], scopes: [] };
  const outcome = visit(sub);
  shell.state.files = sub.state.files;
  return outcome;
}

/** `$( … )`: its commands run, what they print is the value. */
export function substitute(script: ParsedScript, shell: Shell): Outcome {
  const inner = script.source === undefined ? shell : { ...shell, source: { ...shell.source, text: script.source } };
  for (const error of script.errors ?? []) {
    reportAt(shell, `a part of the script that cannot be read: ${error.message}`, "unreadable", error.pos);
  }
  const outcome = inSubshell(inner, (sub) =>
    captured(sub, () =>
      shell.engine.runStatements(script.commands, sub, {
        stdin: shell.input,
        guarded: true,
        final: false,
      }),
    ),
  );
  shell.state.files = inner.state.files;
  return outcome;
}
