import type { Word } from "../../model/run.ts";
import { readFile } from "../virtual-files.ts";
import { known, unknownWord, whyUnknown } from "../words.ts";
import { fileOutput } from "./cat.ts";
import { allKnown, inputOf, linesOf, type Program, type ProgramCall, printed } from "./program.ts";

/** sort without options, or with -u, -r, -V, -n: lines of known text in byte order. */
export const sort: Program = (args, call) => {
  const words = allKnown(args);
  if (words === null) return null;
  const flags = words.filter((word) => word.startsWith("-"));
  const compare = order(flags);
  if (compare === null) return null;
  const input = inputFor(
    words.filter((word) => !word.startsWith("-")),
    call,
  );
  const text = known(input);
  if (text === null) return printed(unknownWord(whyUnknown(input)), null);
  const unique = flags.includes("-u") ? [...new Set(linesOf(text))] : linesOf(text);
  const sorted = unique.sort(compare);
  if (flags.includes("-r")) sorted.reverse();
  return printed([sorted.map((line) => `${line}\n`).join("")], null);
};

type Compare = (a: string, b: string) => number;

function order(flags: readonly string[]): Compare | null {
  if (flags.some((flag) => !["-u", "-r", "-V", "-n"].includes(flag))) return null;
  return flags.includes("-V") || flags.includes("-n") ? byNumbers : bytes;
}

function bytes(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Runs of digits compare as numbers, the rest as text. */
function byNumbers(a: string, b: string): number {
  const left = chunks(a);
  const right = chunks(b);
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const one = left[at] ?? "";
    const other = right[at] ?? "";
    const difference = isDigit(one) && isDigit(other) ? Number(one) - Number(other) : bytes(one, other);
    if (difference !== 0) return difference;
  }
  return left.length - right.length;
}

function chunks(text: string): string[] {
  const result: string[] = [];
  for (const char of text) {
    const last = result.at(-1);
    if (last !== undefined && isDigit(last) === isDigit(char)) result[result.length - 1] = last + char;
    else result.push(char);
  }
  return result;
}

function isDigit(text: string): boolean {
  const first = text[0] ?? "";
  return first >= "0" && first <= "9";
}

/** base64 -d of known text. */
export const base64: Program = (args, call) => {
  const words = allKnown(args);
  if (words === null) return null;
  const [flag, ...files] = words;
  if (flag !== "-d" && flag !== "--decode" && flag !== "-D") return null;
  const input = inputFor(files, call);
  const text = known(input);
  if (text === null) return printed(unknownWord(whyUnknown(input)), null);
  const compact = linesOf(text).join("");
  const decoded = Buffer.from(compact, "base64");
  const plain = decoded.toString("utf8");
  const exact = decoded.toString("base64") === compact && Buffer.from(plain, "utf8").equals(decoded);
  return printed(exact ? [plain] : unknownWord("text that is not exact base64"), null);
};

/** tr -d with plain characters, or one character for one. */
export const tr: Program = (args, call) => {
  const words = allKnown(args);
  const [first = "", second = ""] = words ?? [];
  const deletes = first === "-d";
  const from = characters(deletes ? second : first);
  const to = characters(deletes ? "" : second);
  const modelled = words?.length === 2 && from !== null && to !== null && (deletes || from.length === to.length);
  if (!modelled) return null;
  const input = inputOf(call).output;
  const text = known(input);
  if (text === null) return printed(unknownWord(whyUnknown(input)), null);
  return printed(
    [[...text].map((char) => (from.includes(char) ? (to[from.lastIndexOf(char)] ?? "") : char)).join("")],
    null,
  );
};

/** The members of a set without ranges and classes; \n, \t and \r are the only escapes. */
function characters(set: string): string[] | null {
  const plain = set.replaceAll("\\n", "\n").replaceAll("\\t", "\t").replaceAll("\\r", "\r");
  return ["[", "\\", "-"].some((char) => plain.includes(char)) ? null : [...plain];
}

/** sed with plain s/a/b/ commands: no character of the pattern or the replacement may have a meaning of its own. */
export const sed: Program = (args, call) => {
  const words = allKnown(args);
  if (words === null) return null;
  const [first = "", ...rest] = words[0] === "-e" ? words.slice(1) : words;
  const substitution = readSubstitution(first);
  if (substitution === null || rest.some((word) => word.startsWith("-"))) return null;
  const input = inputFor(rest, call);
  const text = known(input);
  if (text === null) return printed(unknownWord(whyUnknown(input)), null);
  const { from, to, all } = substitution;
  const ended = text.endsWith("\n") || text === "";
  const lines = linesOf(text).map((line) => (all ? line.replaceAll(from, () => to) : line.replace(from, () => to)));
  return printed([lines.join("\n") + (ended && lines.length > 0 ? "\n" : "")], null);
};

function readSubstitution(script: string): { from: string; to: string; all: boolean } | null {
  const separator = script[1] ?? "";
  if (!script.startsWith("s") || !"/|#,@:".includes(separator) || separator === "") return null;
  const [, from = "", to = "", flags = "", ...more] = script.split(separator);
  const parts = script.split(separator).length === 4 && more.length === 0;
  const plain = from !== "" && ![...from].some((char) => ".*[]^$\\+?(){}|\n".includes(char));
  const literal = ![...to].some((char) => "&\\\n".includes(char));
  return parts && plain && literal && (flags === "" || flags === "g") ? { from, to, all: flags === "g" } : null;
}

/** The text of the named files, or of standard input without one. */
function inputFor(files: readonly string[], call: ProgramCall): Word {
  if (files.length === 0) return inputOf(call).output;
  return files.flatMap((file) => (file === "-" ? inputOf(call) : fileOutput(readFile(call.shell, [file]))).output);
}
