import type { Rule } from "../model/rule.ts";
import type { SqlText } from "../model/sql.ts";
import { emptyFindings } from "./findings.ts";
import type { OpenText } from "./postgresql.ts";
import { unreadableText } from "./unreadable.ts";

/** Stub. */
export function openMysqlText(text: SqlText, _rules: readonly Rule[]): OpenText {
  return { findings: emptyFindings(), finish: () => unreadableText(text, "MySQL is not read yet") };
}
