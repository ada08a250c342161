import { concat, known, unknownWord } from "../words.ts";
import { type Program, printed } from "./program.ts";

/** echo: shells differ in the backslashes and options they know, so only plain arguments and -n are certain. */
export const echo: Program = (args, { shell }) => {
  const quiet = known(args[0] ?? []) === "-n";
  const words = quiet ? args.slice(1) : args;
  const line = concat(...words.flatMap((word, at) => (at === 0 ? [word] : [[" "], word])));
  const escapes = !shell.bash && line.some((piece) => typeof piece === "string" && piece.includes("\\"));
  if (escapes || isOption(known(words[0] ?? []) ?? "")) {
    return printed(unknownWord("what echo makes of its options or backslashes"), null);
  }
  return printed(quiet ? line : concat(line, ["\n"]), null);
};

function isOption(word: string): boolean {
  return word.length > 1 && word.startsWith("-") && [...word.slice(1)].every((char) => "neE".includes(char));
}
