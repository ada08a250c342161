import type { Word } from "../model/run.ts";
import { followedBy, repeated } from "./branches.ts";
import { type Call, type Context, type Outcome, type Shell, silent } from "./engine.ts";
import { find } from "./programs/listing.ts";
import { inputOf } from "./programs/program.ts";
import { inSubshell } from "./subshell.ts";
import { concat, known, unknownWord, whyUnknown } from "./words.ts";

interface Options {
  /** text to be replaced by the item (-I), or null: items are appended */
  readonly replace: string | null;
  /** items for one command, 0 for all */
  readonly batch: number;
  readonly separator: "blank" | "line" | "nul";
  readonly command: readonly Word[];
}

const VALUED = new Set(["-P", "-s", "-E", "--max-procs", "--max-chars"]);
const PLAIN = new Set(["-r", "-t", "-x", "--no-run-if-empty", "--verbose", "--exit"]);

/** xargs: with known input the commands it makes; else one command with unknown arguments. Null if an option is not modelled. */
export function runXargs(args: readonly Word[], shell: Shell, context: Context, call: Call): Outcome | null {
  const options = readOptions(args);
  if (options === null) return null;
  const input = inputOf({ shell, stdin: context.stdin, origin: call.origin });
  const items = itemsOf(input.output, options);
  const run = (argv: readonly Word[]): Outcome =>
    inSubshell(shell, (sub) =>
      shell.engine.runCommand(argv, sub, emptyInput(context, call), { ...call, programsOnly: true }),
    );
  if (items === null) {
    const hole: Word = [{ unknown: whyUnknown(input.output) || "an argument from the input of xargs", splits: true }];
    return repeated(shell, () =>
      run(commandFor(options, options.replace === null ? [hole] : [unknownWord("a line of the input of xargs")])),
    );
  }
  let outcome = silent("success");
  for (const batch of batches(items, options)) outcome = followedBy(outcome, run(commandFor(options, batch)));
  return { ...outcome, status: "unknown" };
}

/** find … -exec: the command once for each file found, or with an unknown file. Null without -exec. */
export function runFind(args: readonly Word[], shell: Shell, context: Context, call: Call): Outcome | null {
  const words = args.map(known);
  const start = words.findIndex((word) => word !== null && EXEC.has(word));
  const end = words.findIndex((word, at) => at > start && (word === ";" || word === "+"));
  if (start === -1 || end === -1) return null;
  const command = args.slice(start + 1, end);
  const found = find([...args.slice(0, start), ...args.slice(end + 1)], {
    shell,
    stdin: context.stdin,
    origin: call.origin,
  });
  const options: Options = { replace: "{}", batch: 0, separator: "line", command };
  const items = found === null ? null : itemsOf(found.output, options);
  const run = (item: Word): Outcome =>
    inSubshell(shell, (sub) =>
      shell.engine.runCommand(commandFor(options, [item]), sub, context, { ...call, programsOnly: true }),
    );
  if (items === null)
    return repeated(shell, () => run(unknownWord(whyUnknown(found?.output ?? []) || "a file that find finds")));
  let outcome = silent("success");
  for (const item of items) outcome = followedBy(outcome, run([item]));
  return { ...outcome, status: "unknown" };
}

const EXEC = new Set(["-exec", "-execdir", "-ok", "-okdir"]);

function emptyInput(context: Context, call: Call): Context {
  return { ...context, stdin: { current: { kind: "text", text: [], origin: call.origin } }, final: false };
}

function commandFor(options: Options, items: readonly Word[]): Word[] {
  const { replace, command } = options;
  if (replace === null) return [...command, ...items];
  return command.map((word) => replaced(word, replace, items[0] ?? []));
}

function replaced(word: Word, mark: string, item: Word): Word {
  return concat(
    ...word.map((piece): Word => {
      if (typeof piece !== "string") return [piece];
      return concat(...piece.split(mark).flatMap((part, at): Word[] => (at === 0 ? [[part]] : [item, [part]])));
    }),
  );
}

function batches(items: readonly string[], options: Options): Word[][] {
  const size = options.replace === null ? options.batch || Math.max(items.length, 1) : 1;
  const result: Word[][] = [];
  for (let at = 0; at < items.length; at += size) result.push(items.slice(at, at + size).map((item) => [item]));
  return result.length === 0 && options.replace === null ? [[]] : result;
}

/** The items; null where quotes or backslashes, which xargs reads in its own way, or unknown text are among them. */
function itemsOf(input: Word, options: Options): readonly string[] | null {
  const text = known(input);
  if (text === null) return null;
  if (options.separator === "nul") return text.split("\0").filter((item) => item !== "");
  if (["'", '"', "\\"].some((char) => text.includes(char))) return null;
  const lines = text
    .split("\n")
    .map((line) => line.trimStart())
    .filter((line) => line !== "");
  if (options.separator === "line") return lines;
  return lines
    .flatMap((line) => line.split(" "))
    .flatMap((item) => item.split("\t"))
    .filter((item) => item !== "");
}

const NOTHING: Options = { replace: null, batch: 0, separator: "blank", command: [["echo"]] };

function readOptions(args: readonly Word[], options: Options = NOTHING): Options | null {
  const [word, ...rest] = args;
  if (word === undefined) return options;
  const flag = known(word);
  if (flag?.startsWith("-") !== true) return { ...options, command: args };
  if (PLAIN.has(flag)) return readOptions(rest, options);
  const { name, value } = splitFlag(flag);
  const next = withOption(options, name, value ?? known(rest[0] ?? []));
  return next === null ? null : readOptions(next.takesValue && value === null ? rest.slice(1) : rest, next.options);
}

/** `-n1` is the option and its value. */
function splitFlag(flag: string): { readonly name: string; readonly value: string | null } {
  if (flag.startsWith("--") || flag.length <= 2) return { name: flag, value: null };
  return { name: flag.slice(0, 2), value: flag.slice(2) };
}

function withOption(
  options: Options,
  flag: string,
  value: string | null,
): { options: Options; takesValue: boolean } | null {
  if (flag === "-0" || flag === "--null")
    return { options: { ...options, separator: "nul" as const }, takesValue: false };
  if (VALUED.has(flag)) return { options, takesValue: true };
  if (value === null || value === "") return null;
  if (flag === "-I")
    return {
      options: { ...options, replace: value, separator: options.separator === "nul" ? "nul" : "line" },
      takesValue: true,
    };
  if (flag === "-n" && Number.isInteger(Number(value)) && Number(value) > 0) {
    return { options: { ...options, batch: Number(value) }, takesValue: true };
  }
  return null;
}
