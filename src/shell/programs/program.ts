import type { Origin, Word } from "../../model/run.ts";
import type { Channel, Outcome, Shell } from "../engine.ts";
import { known, unknownWord } from "../words.ts";

export interface ProgramCall {
  readonly shell: Shell;
  readonly stdin: Channel;
  readonly origin: Origin;
}

/** A program whose output can be worked out; null when this call of it is not modelled. */
export type Program = (args: readonly Word[], call: ProgramCall) => Outcome | null;

/** All that is left of standard input; the next reader finds nothing that is known. */
export function inputOf(call: ProgramCall): Outcome {
  const { current } = call.stdin;
  if (current.kind === "none") return printed([], null);
  call.stdin.current = { kind: "unknown", reason: "what another command left of the input" };
  if (current.kind === "text") return printed(current.text, current.origin);
  return printed(unknownWord(current.reason), null);
}

export function printed(output: Word, origin: Origin | null): Outcome {
  return { output, origin, status: "success", stray: false };
}

/** Output that is made at run time; nothing else happens. */
export function unknownOutput(name: string): Outcome {
  return { output: unknownWord(`output of ${name}`), origin: null, status: "unknown", stray: true };
}

/** All arguments as text, or null if one is not known. */
export function allKnown(args: readonly Word[]): string[] | null {
  const texts: string[] = [];
  for (const arg of args) {
    const text = known(arg);
    if (text === null) return null;
    texts.push(text);
  }
  return texts;
}

/** The lines of a text whose last line may lack its newline. */
export function linesOf(text: string): string[] {
  const lines = text.split("\n");
  if (lines.at(-1) === "") lines.pop();
  return lines;
}
