import type { AnalyzedText, SqlText } from "../model/sql.ts";
import type { Findings } from "./findings.ts";

/** A text taken apart but not yet finished: calls from later texts may still add to its findings. */
export interface OpenText {
  readonly findings: Findings;
  finish(): AnalyzedText;
}

interface Reading extends Pick<AnalyzedText, "errors" | "statements" | "canonical" | "settings"> {
  readonly text: SqlText;
  readonly findings: Findings;
}

/** Each line's notes once, in the order of lines. */
function distinct<Note extends { readonly line: number }>(
  notes: readonly Note[],
  textOf: (note: Note) => string,
): readonly Note[] {
  const byPlace = new Map(notes.map((note) => [`${note.line} ${textOf(note)}`, note]));
  return [...byPlace.values()].toSorted((a, b) => a.line - b.line);
}

/** A text whose statements have been walked. */
export function openText({ text, findings, errors, statements, canonical, settings }: Reading): OpenText {
  return {
    findings,
    finish: () => ({
      origin: text.origin,
      statements,
      hits: findings.hits.toSorted((a, b) => a.line - b.line || a.column - b.column),
      opaque: distinct(findings.opaque, ({ reason }) => reason),
      errors: distinct(errors, ({ message }) => message),
      canonical,
      settings,
      // what cannot be read may change it
      changesSchema: findings.changesSchema || errors.length > 0 || findings.opaque.length > 0,
    }),
  };
}
