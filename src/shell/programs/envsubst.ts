import type { Word } from "../../model/run.ts";
import { anyVariable } from "../../model/word.ts";
import { environment } from "../variables.ts";
import { concat, known, unknownWord } from "../words.ts";
import { inputOf, type Program, printed } from "./program.ts";

/** envsubst: `$NAME` and `${NAME}` become the exported variable; a name the manifest does not set stays unknown. */
export const envsubst: Program = (args, call) => {
  const format = args[0] === undefined ? null : known(args[0]);
  if (args.length > 1 || (args.length === 1 && (format === null || format.startsWith("-")))) return null;
  const wanted =
    format === null ? null : new Set(parts(format).flatMap((part) => (part.name === null ? [] : [part.name])));
  const env = environment(call.shell, new Map());
  const input = inputOf(call);
  const filled = input.output.map((piece): Word => (typeof piece === "string" ? fill(piece, wanted, env) : [piece]));
  return printed(concat(...filled), input.origin);
};

function fill(text: string, wanted: ReadonlySet<string> | null, env: ReadonlyMap<string, Word>): Word {
  return concat(
    ...parts(text).map((part): Word => {
      if (part.name === null || wanted?.has(part.name) === false) return [part.text];
      const value = env.get(part.name) ?? env.get(anyVariable);
      return value ?? unknownWord(`$${part.name} is not set in the manifest, the image may set it`);
    }),
  );
}

interface Part {
  readonly text: string;
  /** the variable it stands for, null for plain text */
  readonly name: string | null;
}

function parts(text: string): Part[] {
  const result: Part[] = [];
  let at = 0;
  while (at < text.length) {
    const dollar = text.indexOf("$", at);
    const end = dollar === -1 ? text.length : dollar;
    if (end > at) result.push({ text: text.slice(at, end), name: null });
    if (dollar === -1) break;
    const part = variableAt(text, dollar);
    result.push(part);
    at = dollar + part.text.length;
  }
  return result;
}

function variableAt(text: string, dollar: number): Part {
  const braced = text[dollar + 1] === "{";
  const start = dollar + (braced ? 2 : 1);
  let end = start;
  while (end < text.length && isNameChar(text[end] ?? "", end > start)) end += 1;
  const closed = !braced || text[end] === "}";
  if (end === start || !closed) return { text: "$", name: null };
  return { text: text.slice(dollar, braced ? end + 1 : end), name: text.slice(start, end) };
}

function isNameChar(char: string, digits: boolean): boolean {
  const letter = (char >= "a" && char <= "z") || (char >= "A" && char <= "Z") || char === "_";
  return letter || (digits && char >= "0" && char <= "9");
}
