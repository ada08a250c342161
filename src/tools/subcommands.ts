import type { CommandHit, Opaque, Origin, Word } from "../model/run.ts";
import type { Tool, ToolCall, ToolConnection, ToolImage, ToolStep } from "../model/tool.ts";
import { displayWord, knownText, unknownsOf } from "../model/word.ts";
import { optionValue, splittingArguments } from "./arguments.ts";
import { firstGiven, isGiven, urlConnection } from "./connection.ts";
import type { FolderReading } from "./migration-folder.ts";

/**
 * A tool as a table of its commands. A command is written as the user types it, words in order ("migrate reset"), `*` for any
 * one word, options it needs at the end ("db push --accept-data-loss"). The most dangerous match counts.
 */
export interface CommandTable {
  readonly id: string;
  readonly title: string;
  readonly images?: readonly ToolImage[];
  readonly binaries: readonly string[];
  readonly signatures?: readonly (readonly string[])[];
  /** destroys data or schema by itself */
  readonly destructive: readonly string[];
  /** rewrites what the tool believes has run */
  readonly history?: readonly string[];
  /** may go either way, or applies a difference nobody has seen */
  readonly unclear?: readonly string[];
  readonly forward: readonly string[];
  /** reads, prints, waits */
  readonly harmless: readonly string[];
  /** one call may name several commands, which run in turn */
  readonly several?: boolean;
  /** the program does much else: a call without one of these commands is not this tool */
  readonly general?: boolean;
  /** options of which one must be there, or it is an own program of the same name */
  readonly shape?: readonly string[];
  /** the command that runs without one being named, "" if none does */
  readonly byDefault?: string;
  /** reads the files that a forward command runs; null where they are not in sight */
  readonly folder?: (call: ToolCall) => FolderReading | null;
  /** options and variables that carry the database's URL, the first one given counts */
  readonly urlOptions?: readonly string[];
  readonly urlVariables?: readonly string[];
  /** NAME=value pairs of the environment that make any call destroy */
  readonly destructiveVariables?: readonly string[];
}

type Effect = "destructive" | "history" | "unclear" | "forward" | "harmless";
const effects = ["destructive", "history", "unclear", "forward", "harmless"] as const;

/** The Tool of a table. */
export function tableTool(table: CommandTable): Tool {
  return {
    id: table.id,
    title: table.title,
    dialect: "postgresql",
    images: table.images ?? [],
    binaries: table.binaries,
    signatures: table.signatures ?? [],
    read: (call) => {
      const found = commandsOf(call.args, table);
      if (!isShaped(call.args, table.shape ?? []) || (table.general === true && found.length === 0)) return null;
      const switches = setSwitches(call, table.destructiveVariables ?? []);
      if (found[0]?.effect === "harmless" && switches.length === 0) return { kind: "harmless" };
      return { kind: "step", ...toolStep(call, table, found, switches) };
    },
  };
}

interface Found {
  readonly effect: Effect;
  readonly command: string;
}

function toolStep(call: ToolCall, table: CommandTable, found: readonly Found[], switches: readonly string[]): ToolStep {
  const { origin } = call.invocation;
  const isForward = found.length > 0 && found.every(({ effect }) => effect === "forward");
  const folder = isForward ? (table.folder?.(call) ?? null) : null;
  const hits = [
    ...found.flatMap((one) => commandHits(one, table, origin)),
    ...switches.map((text) => hit("destructive-command", text, origin)),
  ];
  return {
    subcommand: found.length === 0 ? null : found.map(({ command }) => command).join(" "),
    destructive: hits.some(({ rule }) => rule === "destructive-command") ? true : null,
    options: meaningfulOptions(call.args, table, found),
    sql: folder?.sql ?? [],
    opaque: [...(folder?.opaque ?? opaqueOf(found, table, origin)), ...splittingArguments(call.args, origin)],
    commands: hits,
    connection: connectionOf(call, table),
  };
}

function commandHits(found: Found, table: CommandTable, origin: Origin): readonly CommandHit[] {
  if (found.effect === "destructive") return [hit("destructive-command", `${table.id} ${found.command}`, origin)];
  if (found.effect === "history") return [hit("history-command", `${table.id} ${found.command}`, origin)];
  return [];
}

function hit(rule: CommandHit["rule"], subject: string, origin: Origin): CommandHit {
  return { rule, subject, origin };
}

const unseen: Readonly<Record<Effect, Omit<Opaque, "origin"> | null>> = {
  destructive: { kind: "forward-command", reason: "what it undoes or loads afterwards is not in sight" },
  history: null,
  unclear: { kind: "program", reason: "it may undo or rewrite; what it does is decided while it runs" },
  forward: { kind: "forward-command", reason: "runs migrations whose SQL is not in sight" },
  harmless: null,
};

function opaqueOf(found: readonly Found[], table: CommandTable, origin: Origin): readonly Opaque[] {
  if (found.length === 0) return [{ kind: "program", reason: `${table.title}: its command is not known`, origin }];
  return found.flatMap(({ effect, command }) => {
    const opaque = unseen[effect];
    return opaque === null
      ? []
      : [{ kind: opaque.kind, reason: `${table.title} ${command}: ${opaque.reason}`, origin }];
  });
}

/** The commands that the arguments can be: the most dangerous one, or all of them where a call may hold several. */
function commandsOf(args: readonly Word[], table: CommandTable): readonly Found[] {
  const texts = args.map((word) => knownText(word) ?? displayWord(word));
  const words = texts.filter((text) => !text.startsWith("-"));
  const found = effects.flatMap((effect) =>
    (table[effect] ?? []).filter((pattern) => matches(pattern, words, texts)).map((command) => ({ effect, command })),
  );
  const active = found.filter(({ effect }) => effect !== "harmless");
  if (active.length > 0) return table.several === true ? active : active.slice(0, 1);
  // an unknown word beside a harmless command may be another command
  if (args.some((word) => word.length > 0 && unknownsOf(word).length === word.length)) return [];
  if (found.length > 0) return found.slice(0, 1);
  const byDefault = table.byDefault ?? "";
  return words.length === 0 && byDefault !== "" ? [{ effect: "forward", command: byDefault }] : [];
}

function isShaped(args: readonly Word[], shape: readonly string[]): boolean {
  const names = args.map((word) => displayWord(word).replace(/=.*$/s, ""));
  return shape.length === 0 || shape.some((option) => names.includes(option));
}

/** Operands may stand before the command (goose DRIVER URL up), so any place counts. */
function matches(pattern: string, words: readonly string[], texts: readonly string[]): boolean {
  const parts = pattern.split(" ");
  const options = parts.filter((part) => part.startsWith("-"));
  const wanted = parts.filter((part) => !part.startsWith("-"));
  if (!options.every((option) => texts.some((text) => text === option || text.startsWith(`${option}=`)))) return false;
  if (wanted.length === 0) return options.length > 0;
  return words.some((_, at) => isAt(wanted, words.slice(at)));
}

function isAt(wanted: readonly string[], words: readonly string[]): boolean {
  return wanted.every((part, at) => words[at] !== undefined && (part === "*" || part === words[at]));
}

const connectionOption =
  /^-+(\w+-)*(url|uri|dsn|database|database-url|host|port|user|username|pass|password|connection|postgres-url|driver|u)$/i;

/** Every argument but the command's words and what says where to connect; an option with the word after it, sorted. */
function meaningfulOptions(args: readonly Word[], table: CommandTable, found: readonly Found[]): readonly string[] {
  const commandWords = new Set(found.flatMap(({ command }) => command.split(" ")));
  const texts = args.map(displayWord).filter((text) => text.startsWith("-") || !commandWords.has(text));
  const options: string[] = [];
  for (const [at, text] of texts.entries()) {
    const before = texts[at - 1] ?? "";
    const belongs = !text.startsWith("-") && before.startsWith("-") && !before.includes("=");
    if (belongs) options.push(`${options.pop() ?? before} ${text}`);
    else options.push(text);
  }
  return options.filter((text) => !isConnection(text, table)).toSorted();
}

function isConnection(text: string, table: CommandTable): boolean {
  const name = text.replace(/[= ].*/s, "");
  return connectionOption.test(name) || table.urlOptions?.includes(name) === true || /^(jdbc:)?[a-z+]+:\/\//.test(text);
}

function setSwitches(call: ToolCall, names: readonly string[]): readonly string[] {
  return names.filter((pair) => {
    const [name = "", value = ""] = pair.split("=");
    const set = call.invocation.env.get(name);
    return set !== undefined && displayWord(set).toLowerCase() === value;
  });
}

/** null: neither an option nor a variable says it */
function connectionOf(call: ToolCall, table: CommandTable): ToolConnection | null {
  const fromOptions = (table.urlOptions ?? []).map((option) => optionValue(call.args, option));
  const fromVariables = (table.urlVariables ?? []).map((name) => call.invocation.env.get(name) ?? []);
  const url = firstGiven(...fromOptions, ...call.args.filter(isUrl), ...fromVariables);
  return isGiven(url) ? urlConnection(url) : null;
}

function isUrl(word: Word): boolean {
  return /^(jdbc:)?[a-z+]+:\/\//.test(typeof word[0] === "string" ? word[0] : "");
}
