import type { RuleHit, SqlText } from "../../src/model/sql.ts";
import { rules } from "../../src/rules/index.ts";
import { analyze } from "../../src/sql/analyze.ts";

/** A text as a tool sends it that stops at the first error and wraps the file in one transaction. */
export function textOf(text: string, over: Partial<SqlText> = {}): SqlText {
  return {
    origin: { object: "up.sql", key: "", line: 1 },
    text,
    dialect: "postgresql",
    client: "plain",
    variables: {},
    includes: {},
    stopsOnError: true,
    singleTransaction: true,
    markers: [],
    ...over,
  };
}

/** What the whole catalogue finds; throws if the text cannot be read, for a case must not pass by being unreadable. */
export function hitsOf(text: string, over: Partial<SqlText> = {}): readonly RuleHit[] {
  const [analyzed] = analyze({ texts: [textOf(text, over)] }, rules).texts;
  if (analyzed === undefined || analyzed.errors.length > 0) throw new Error(`unreadable: ${JSON.stringify(analyzed)}`);
  return analyzed.hits;
}
