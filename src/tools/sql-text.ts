import type { Origin, Word } from "../model/run.ts";
import { markerPrefix, type SqlText } from "../model/sql.ts";

/** How a client feeds a text to the server: everything of a SqlText but the text itself. */
export type SqlHabit = Pick<SqlText, "dialect" | "client" | "stopsOnError" | "singleTransaction"> & {
  readonly variables: ReadonlyMap<string, Word>;
  readonly includes: Readonly<Record<string, string>>;
};

/** A word as SQL: unknown parts become markers, and so do unknown variables. */
export function sqlText(word: Word, origin: Origin, habit: SqlHabit): SqlText {
  const texts = [word, ...habit.variables.values()];
  const known = texts.flatMap((text) => text.filter((part) => typeof part === "string")).join("\n");
  const markers: string[] = [];
  const marked = (value: Word): string =>
    value.map((part) => (typeof part === "string" ? part : nextMarker(known, markers))).join("");
  const text = marked(word);
  const variables = Object.fromEntries([...habit.variables].map(([name, value]) => [name, marked(value)]));
  return { ...habit, origin, text, variables, markers };
}

/** Stands where a value is unknown: a name that is safe in SQL and occurs nowhere in the text. */
function nextMarker(known: string, markers: string[]): string {
  let marker = `${markerPrefix}${markers.length}`;
  while (known.includes(marker)) marker += "_";
  markers.push(marker);
  return marker;
}
