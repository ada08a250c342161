import type { FileReading, Origin, Word } from "../model/run.ts";
import { type Channel, type Outcome, type Shell, silent } from "./engine.ts";
import { readFile } from "./virtual-files.ts";
import { concat, known, unknownWord } from "./words.ts";

export interface ProgramCall {
  readonly shell: Shell;
  readonly stdin: Channel;
  readonly origin: Origin;
}

/** A program whose output can be worked out; null when this call of it is not modelled. */
export type Program = (args: readonly Word[], call: ProgramCall) => Outcome | null;

const cat: Program = (args, call) => {
  if (args.some((arg) => (known(arg) ?? "").startsWith("-") && known(arg) !== "-")) return unknownOutput("cat");
  if (args.length === 0) return inputOf(call);
  const readings = args.map((arg) => (known(arg) === "-" ? inputOf(call) : fileOutput(readFile(call.shell, arg))));
  const [only] = readings;
  if (readings.length === 1 && only !== undefined) return only;
  const sure = readings.every(({ status }) => status === "success");
  return {
    output: concat(...readings.map(({ output }) => output)),
    origin: null,
    status: sure ? "success" : "unknown",
    stray: !sure,
  };
};

function fileOutput(reading: FileReading): Outcome {
  if (reading.kind === "text") return printed(reading.text, reading.origin);
  if (reading.kind === "absent") return { ...silent("failure"), stray: true };
  return { output: unknownWord(reading.reason), origin: null, status: "unknown", stray: true };
}

/** All that is left of standard input; the next reader finds nothing that is known. */
export function inputOf(call: ProgramCall): Outcome {
  const { current } = call.stdin;
  call.stdin.current = { kind: "unknown", reason: "the rest of an input that another command read" };
  if (current.kind === "text") return printed(current.text, current.origin);
  if (current.kind === "none") return printed([], null);
  return { output: unknownWord(current.reason), origin: null, status: "success", stray: false };
}

export function printed(output: Word, origin: Origin | null): Outcome {
  return { output, origin, status: "success", stray: false };
}

export function unknownOutput(name: string): Outcome {
  return { output: unknownWord(`output of ${name}`), origin: null, status: "unknown", stray: true };
}

/** Shells differ in which backslashes and options echo knows: only plain arguments and -n are certain. */
const echo: Program = (args, { shell }) => {
  const quiet = known(args[0] ?? []) === "-n";
  const words = quiet ? args.slice(1) : args;
  const line = concat(...words.flatMap((word, at) => (at === 0 ? [word] : [[" "], word])));
  const option = isEchoOption(known(words[0] ?? []) ?? "");
  const escapes = !shell.bash && line.some((piece) => typeof piece === "string" && piece.includes("\\"));
  if (option || escapes) return printed(unknownWord("what echo makes of its options or backslashes"), null);
  return printed(quiet ? line : concat(line, ["\n"]), null);
};

function isEchoOption(word: string): boolean {
  return word.length > 1 && word.startsWith("-") && [...word.slice(1)].every((char) => "neE".includes(char));
}

export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ["cat", cat],
  ["echo", echo],
]);
