import type { FileReading, Opaque, Word } from "../model/run.ts";
import type { SqlText } from "../model/sql.ts";
import type { ToolCall } from "../model/tool.ts";
import { knownText } from "../model/word.ts";
import { type SqlHabit, sqlText } from "./sql-text.ts";

/** The SQL of a folder of migrations, and the files of it that cannot be read. */
export interface FolderReading {
  readonly sql: readonly SqlText[];
  readonly opaque: readonly Opaque[];
}

/** How a tool keeps its migrations in a folder. */
export interface FolderHabit {
  /** base names it runs, with the version by whose number they are ordered as the first group */
  readonly names: RegExp;
  /** the part of a file that runs forward, line numbers kept; null if the file has none or cannot be read so */
  forward(text: string): ForwardPart | null;
}

export interface ForwardPart {
  readonly text: string;
  readonly inTransaction: boolean;
}

/** Every migration of mounted folders, in the tool's order; null if a folder is not in sight or holds none. */
export function readFolders(call: ToolCall, folders: readonly Word[], habit: FolderHabit): FolderReading | null {
  const names = folders.map((folder) => knownText(folder));
  const lists = names.map((name) => (name === null || name === "" ? null : call.invocation.files.list(name)));
  if (lists.length === 0 || lists.some((list) => list?.kind !== "known")) return null;
  const paths = lists.flatMap((list) => (list?.kind === "known" ? list.paths : []));
  const ordered = paths.flatMap((path) => numbered(path, habit)).toSorted((a, b) => compare(a.version, b.version));
  if (ordered.length === 0) return null;
  const readings = ordered.map(({ path }) => readFile(call, path, habit));
  return { sql: readings.flatMap(({ sql }) => sql), opaque: readings.flatMap(({ opaque }) => opaque) };
}

function numbered(path: string, habit: FolderHabit): readonly { readonly path: string; readonly version: bigint }[] {
  const version = habit.names.exec(path.slice(path.lastIndexOf("/") + 1))?.[1];
  return version === undefined ? [] : [{ path, version: BigInt(version) }];
}

function compare(a: bigint, b: bigint): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function readFile(call: ToolCall, path: string, habit: FolderHabit): FolderReading {
  const { files, origin } = call.invocation;
  const reading = files.read(path);
  const text = reading.kind === "text" ? knownText(reading.text) : null;
  const forward = text === null ? null : habit.forward(text);
  if (reading.kind !== "text" || forward === null) {
    return { sql: [], opaque: [{ kind: "unreadable", reason: `migration ${path}: ${whyNot(reading)}`, origin }] };
  }
  // the tools send a file as it is and stop at its first error
  const fed: SqlHabit = {
    dialect: "postgresql",
    client: "plain",
    stopsOnError: true,
    singleTransaction: forward.inTransaction,
    variables: new Map(),
    includes: {},
  };
  return { sql: [sqlText([forward.text], reading.origin, fed)], opaque: [] };
}

function whyNot(reading: FileReading): string {
  if (reading.kind === "unknown") return reading.reason;
  return "its forward part cannot be told";
}

/**
 * Lines between a mark for forward and a mark for back; all others become empty, so that line numbers stay. In doubt a line
 * is forward: `back` must match nothing that the tool itself would not take for its mark.
 */
export function markedLines(text: string, forward: RegExp, back: RegExp): string | null {
  if (!text.split("\n").some((line) => forward.test(line))) return null;
  let isForward = false;
  const lines = text.split("\n").map((line) => {
    if (forward.test(line)) isForward = true;
    else if (back.test(line)) isForward = false;
    return isForward ? line : "";
  });
  return lines.join("\n");
}
