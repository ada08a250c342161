import type { Word } from "../../model/run.ts";
import { forgetVariables, setWord } from "../variables.ts";
import { concat, known, unknownWord } from "../words.ts";
import { type Program, printed } from "./program.ts";

/** printf with a known format of plain text, \n, \t, \\, %%, %s; anything else prints what is not known. */
export const printf: Program = (args, call) => {
  const [first = []] = args;
  if (known(first) === "-v") {
    const name = known(args[1] ?? []);
    if (name === null) forgetVariables(call.shell, "set by printf -v");
    else setWord(call.shell, name, unknownWord(`${name}, set by printf -v`), call.origin);
    return printed([], null);
  }
  const start = known(first) === "--" ? 1 : 0;
  const format = known(args[start] ?? []);
  const pieces = format === null ? null : parseFormat(format);
  if (pieces === null) return printed(unknownWord("what printf makes of its format"), null);
  return printed(fill(pieces, args.slice(start + 1)), null);
};

/** null stands for the next argument */
type Pieces = readonly (string | null)[];

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", t: "\t", "\\": "\\", '"': '"' };

function parseFormat(format: string): Pieces | null {
  const pieces: (string | null)[] = [];
  for (let at = 0; at < format.length; at += 1) {
    const char = format[at] ?? "";
    if (char !== "\\" && char !== "%") {
      pieces.push(char);
      continue;
    }
    at += 1;
    const next = format[at] ?? "";
    const piece = char === "\\" ? ESCAPES[next] : conversion(next);
    if (piece === undefined) return null;
    pieces.push(piece);
  }
  return pieces;
}

function conversion(letter: string): string | null | undefined {
  if (letter === "%") return "%";
  return letter === "s" ? null : undefined;
}

/** The format is used again while arguments are left. */
function fill(pieces: Pieces, args: readonly Word[]): Word {
  if (args.some((arg) => arg.some((piece) => typeof piece !== "string" && piece.splits === true))) {
    return unknownWord("printf of an unknown number of values");
  }
  const wanted = pieces.filter((piece) => piece === null).length;
  const words: Word[] = [];
  let left = args;
  do {
    words.push(...round(pieces, left));
    left = left.slice(wanted);
  } while (wanted > 0 && left.length > 0);
  return concat(...words);
}

function round(pieces: Pieces, args: readonly Word[]): Word[] {
  let next = 0;
  return pieces.map((piece) => {
    if (piece !== null) return [piece];
    next += 1;
    return args[next - 1] ?? [];
  });
}
