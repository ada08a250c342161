import type { Rule } from "../../src/model/rule.ts";
import type { AnalyzedText, SqlText } from "../../src/model/sql.ts";
import { analyze } from "../../src/sql/analyze.ts";
import { isRecord } from "../../src/sql/parse.ts";
import { rangeName } from "../../src/sql/run-memory.ts";
import { nameParts } from "../../src/sql/tree.ts";

const verbs = ["DropStmt", "DeleteStmt", "UpdateStmt", "TruncateStmt", "MergeStmt", "InsertStmt"];

function subjects(node: unknown): readonly string[] {
  if (!isRecord(node)) return [];
  const objects = Array.isArray(node["objects"]) ? node["objects"] : [];
  const relations = Array.isArray(node["relations"]) ? node["relations"] : [];
  const one = rangeName(node["relation"]);
  return [
    ...objects.map((object) => nameParts(object).join(".")),
    ...relations.map((relation) => rangeName(relation)?.name ?? "?"),
    ...(one === null ? [] : [one.name]),
  ];
}

/** Sees every statement that changes rows or drops something, except on tables created here. */
export const spy: Rule = {
  id: "spy",
  title: "spy",
  hazard: "data-loss",
  phase: "contract",
  why: "w",
  instead: "i",
  bad: [],
  good: [],
  check: ({ tag, node, within }, state) =>
    verbs.includes(tag)
      ? subjects(node)
          .filter((name) => !state.createdHere({ schema: "", name }))
          .map((name) => ({ subject: `${tag.replace("Stmt", "").toLowerCase()} ${name} ${within}` }))
      : [],
};

/** A text as a plain tool sends it, unless the case says otherwise. */
export function sqlText(text: string, more: Partial<SqlText> = {}): SqlText {
  return {
    origin: { object: "ConfigMap a/b", key: "up.sql", line: 1 },
    text,
    dialect: "postgresql",
    client: "plain",
    variables: {},
    includes: {},
    stopsOnError: true,
    singleTransaction: false,
    markers: [],
    ...more,
  };
}

/** One text on its own, seen by the spy. */
export function read(text: string, more: Partial<SqlText> = {}): AnalyzedText {
  const [analyzed] = analyze({ texts: [sqlText(text, more)] }, [spy]).texts;
  if (analyzed === undefined) throw new Error("no answer");
  return analyzed;
}

/** What the spy saw, in order. */
export function seen(text: string, more: Partial<SqlText> = {}): readonly string[] {
  return read(text, more).hits.map((hit) => hit.subject);
}

/** Whether a text is held back: opaque somewhere, or unreadable. */
export function isHeldBack(text: string, more: Partial<SqlText> = {}): boolean {
  const { opaque, errors } = read(text, more);
  return opaque.length + errors.length > 0;
}
