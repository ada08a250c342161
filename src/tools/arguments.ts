import type { Opaque, Origin, Word } from "../model/run.ts";
import { reasonOf, unknownsOf, type WordText, wordText } from "../model/word.ts";

/** A program's options as GNU getopt_long takes them: long name → its letter ("" if none) and whether a value follows. */
export type OptionSyntax = Readonly<Record<string, { readonly letter: string; readonly value: boolean }>>;

export interface ParsedOption {
  /** long name, or the letter or text as written if the syntax does not know it */
  readonly name: string;
  /** [] if it takes none */
  readonly value: Word;
}

export interface ParsedArguments {
  readonly options: readonly ParsedOption[];
  readonly positional: readonly Word[];
}

/** Long names with value, "name:letter" each, and those without, as an OptionSyntax. */
export function optionSyntax(withValue: string, without: string): OptionSyntax {
  const entries = (names: string, value: boolean) =>
    names.split(" ").map((name) => {
      const [long = "", letter = ""] = name.split(":");
      return [long, { letter, value }] as const;
    });
  return Object.fromEntries([...entries(withValue, true), ...entries(without, false)]);
}

/** Splits arguments into options and the rest; long names may be shortened as getopt allows, options may follow operands. */
export function parseArguments(args: readonly Word[], syntax: OptionSyntax): ParsedArguments {
  const options: ParsedOption[] = [];
  const positional: Word[] = [];
  const queue = [...args];
  for (let word = queue.shift(); word !== undefined; word = queue.shift()) {
    const written = wordText(word);
    if (written.text === "--") positional.push(...queue.splice(0));
    else if (written.text.startsWith("--")) options.push(longOption(written, queue, syntax));
    else if (written.text.startsWith("-") && written.text.length > 1) options.push(...letters(written, queue, syntax));
    else positional.push(word);
  }
  return { options, positional };
}

function longOption(written: WordText, queue: Word[], syntax: OptionSyntax): ParsedOption {
  const equals = written.text.indexOf("=");
  const name = written.text.slice(2, equals < 0 ? undefined : equals);
  const full = fullName(name, syntax);
  if (equals >= 0) return { name: full, value: written.back(written.text.slice(equals + 1)) };
  return { name: full, value: syntax[full]?.value === true ? (queue.shift() ?? []) : [] };
}

function fullName(name: string, syntax: OptionSyntax): string {
  if (syntax[name] !== undefined) return name;
  const candidates = Object.keys(syntax).filter((long) => long.startsWith(name));
  return candidates.length === 1 ? (candidates[0] ?? name) : name;
}

/** "-tAc TEXT": letters without a value, then at most one with, whose value is the rest or the next argument. */
function letters(written: WordText, queue: Word[], syntax: OptionSyntax): readonly ParsedOption[] {
  const options: ParsedOption[] = [];
  for (let at = 1; at < written.text.length; at += 1) {
    const letter = written.text.charAt(at);
    const [name = letter, option] = Object.entries(syntax).find(([, known]) => known.letter === letter) ?? [];
    if (option?.value !== true) {
      options.push({ name, value: [] });
      continue;
    }
    const rest = written.text.slice(at + 1);
    options.push({ name, value: rest === "" ? (queue.shift() ?? []) : written.back(rest) });
    break;
  }
  return options;
}

/** Arguments that a shell expands outside quotes: they may bring options of their own, SQL included. */
export function splittingArguments(args: readonly Word[], origin: Origin): readonly Opaque[] {
  const splitting = args.filter((word) => unknownsOf(word).some((part) => part.splits === true));
  return splitting.map((word) => ({
    kind: "untrusted",
    reason: `an argument (${reasonOf(word)}) is expanded outside quotes and may bring options of its own; quote it`,
    origin,
  }));
}

/** The value of an option written "-path VALUE" or "-path=VALUE", [] if it is not there. */
export function optionValue(args: readonly Word[], option: string): Word {
  for (const [at, word] of args.entries()) {
    const [first = ""] = word;
    if (typeof first !== "string") continue;
    if (first === option && word.length === 1) return args[at + 1] ?? [];
    if (first.startsWith(`${option}=`)) return [first.slice(option.length + 1), ...word.slice(1)];
  }
  return [];
}
