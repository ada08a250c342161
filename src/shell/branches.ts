import type { Word } from "../model/run.ts";
import { type Outcome, type Shell, type Status, silent } from "./engine.ts";
import { fork, join, type State, sameState } from "./state.ts";
import { forgetVariables } from "./variables.ts";
import { concat, sameWord, unknownWord } from "./words.ts";

type Visit = () => Outcome;

/** Looks again at a loop at most this often before it gives up on every variable. */
const MOST_PASSES = 8;

/** Text put together from more pieces than this is not looked at. */
const MOST_PIECES = 64;

/** Visits both ways; the state and the outcome are those of the way taken, or what holds on both. */
export function either(shell: Shell, taken: Status, first: Visit, second: Visit): Outcome {
  if (taken === "success") {
    const outcome = first();
    visitDead(shell, second);
    return outcome;
  }
  if (taken === "failure") {
    visitDead(shell, first);
    return second();
  }
  const start = fork(shell.state);
  shell.undecided += 1;
  const one = first();
  const after = shell.state;
  shell.state = start;
  const other = second();
  shell.undecided -= 1;
  shell.state = join(after, shell.state, "set differently in branches");
  return oneOf(one, other);
}

/** A branch that is not taken: its commands are reported all the same, but it changes nothing. */
export function visitDead(shell: Shell, visit: Visit): void {
  const before = fork(shell.state);
  shell.session.dead += 1;
  visit();
  shell.session.dead -= 1;
  shell.state = before;
}

/** Two commands after each other. */
export function followedBy(first: Outcome, second: Outcome): Outcome {
  const whole = first.output.length === 0 ? second : first;
  const output = concat(first.output, second.output);
  return {
    output: output.length > MOST_PIECES ? unknownWord("output of many commands") : output,
    origin: first.output.length === 0 || second.output.length === 0 ? whole.origin : null,
    status: second.status,
    stray: first.stray || second.stray,
  };
}

function oneOf(a: Outcome, b: Outcome): Outcome {
  const same = sameWord(a.output, b.output);
  return {
    output: same ? a.output : unknownWord("text that depends on a condition"),
    origin: same ? a.origin : null,
    status: a.status === b.status ? a.status : "unknown",
    stray: a.stray || b.stray,
  };
}

/** Where text is taken from a group of commands: if it may be left early, the text is not known. */
export function captured(shell: Shell, visit: Visit): Outcome {
  const before = shell.session.jumps;
  const outcome = visit();
  if (shell.session.jumps === before || outcome.output.length === 0) return outcome;
  return { ...outcome, output: unknownWord("text of commands that may stop early"), origin: null };
}

/** A loop that runs an unknown number of times: what it changes is unknown before the body is reported. */
export function repeated(shell: Shell, visit: Visit): Outcome {
  shell.undecided += 1;
  let stable = false;
  for (let pass = 0; pass < MOST_PASSES && !stable; pass += 1) stable = learnChanges(shell, visit);
  if (!stable) forgetVariables(shell, "changed in a loop in a way this reader cannot follow");
  const before = fork(shell.state);
  const outcome = onePass(shell, visit, []);
  shell.state = join(before, shell.state, LOOP);
  shell.undecided -= 1;
  const output: Word = outcome.output.length === 0 ? [] : unknownWord("text printed in a loop");
  return { ...silent("unknown"), output, stray: outcome.stray };
}

const LOOP = "changed in a loop";

/** One muted pass; true if it changed nothing that was not unknown already. */
function learnChanges(shell: Shell, visit: Visit): boolean {
  const before = fork(shell.state);
  shell.session.muted += 1;
  onePass(shell, visit, []);
  shell.session.muted -= 1;
  shell.state = join(before, shell.state, LOOP);
  return sameState(before, shell.state);
}

/** The body once; `leaving` gathers the states at break and continue, which also end the pass. */
export function onePass(shell: Shell, visit: Visit, leaving: State[]): Outcome {
  shell.loops.push(leaving);
  const outcome = visit();
  shell.loops.pop();
  for (const state of leaving) shell.state = join(shell.state, state, LOOP);
  return outcome;
}
