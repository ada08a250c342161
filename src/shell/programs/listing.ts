import type { Files, Word } from "../../model/run.ts";
import { directoryOf, fileName } from "../paths.ts";
import { matches, type Pattern } from "../patterns.ts";
import { filesOf } from "../virtual-files.ts";
import { known, unknownWord, whyUnknown } from "../words.ts";
import { allKnown, type Program, printed } from "./program.ts";

/** ls of known files or one known directory, one name a line. Times and sizes are not known, so options are not read. */
export const ls: Program = (args, { shell }) => {
  const paths = args.filter((arg) => known(arg) !== "-1" && known(arg) !== "--");
  const names = allKnown(paths);
  if (names === null) return printed(unknownWord(whyOf(paths)), null);
  if (names.some((name) => name.startsWith("-"))) return printed(unknownWord("output of ls with options"), null);
  const files = filesOf(shell);
  const [only = "."] = names;
  const listing = names.length > 1 ? null : files.list(only);
  if (listing?.kind === "known") {
    return printed(lines(listing.paths.map(fileName).filter((name) => !name.startsWith("."))), null);
  }
  if (names.length > 0 && names.every((name) => files.read(name).kind === "text"))
    return printed(lines([...names].sort()), null);
  return printed(unknownWord(listing?.kind === "unknown" ? listing.reason : "output of ls"), null);
};

/** find DIR [-type f] [-name PATTERN] [-maxdepth 1] [-print]: files directly in a known directory. */
export const find: Program = (args, { shell }) => {
  const words = allKnown(args);
  if (words === null) return null;
  const [directory = ".", ...tests] = words;
  const pattern = readTests(tests);
  if (directory.startsWith("-") || pattern === null) return null;
  const found = findIn(filesOf(shell), directory, pattern.name);
  return printed(typeof found === "string" ? unknownWord(found) : lines(found, pattern.end), null);
};

interface Tests {
  readonly name: Pattern;
  readonly end: string;
}

function readTests(tests: readonly string[], read: Tests = { name: toPattern("*"), end: "\n" }): Tests | null {
  const [test, value, ...rest] = tests;
  if (test === undefined) return read;
  if (test === "-print") return readTests(tests.slice(1), read);
  if (test === "-print0") return readTests(tests.slice(1), { ...read, end: "\0" });
  if (value === undefined) return null;
  if (test === "-name") return readTests(rest, { ...read, name: toPattern(value) });
  return test === "-maxdepth" || (test === "-type" && value === "f") ? readTests(rest, read) : null;
}

/** The matching paths, or why they cannot be known. A folder in the folder is not followed: then nothing is known. */
function findIn(files: Files, directory: string, name: Pattern): readonly string[] | string {
  const listing = files.list(directory);
  if (listing.kind === "unknown") return listing.reason;
  const prefix = directory.endsWith("/") ? directory : `${directory}/`;
  const found: string[] = [];
  for (const path of listing.paths) {
    if (files.read(path).kind !== "text" || directoryOf(path) === path) return `${path} is not a file that is known`;
    const fits = matches(name, fileName(path));
    if (fits === null) return "a pattern this reader does not know";
    if (fits) found.push(prefix + fileName(path));
  }
  return found;
}

function toPattern(text: string): Pattern {
  return [...text].map((char) => ({ char, active: true }));
}

function lines(names: readonly string[], end = "\n"): Word {
  return [names.map((name) => name + end).join("")];
}

function whyOf(words: readonly Word[]): string {
  const word = words.find((candidate) => known(candidate) === null);
  return word === undefined ? "output of ls" : whyUnknown(word);
}
