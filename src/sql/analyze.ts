import type { Rule } from "../model/rule.ts";
import type { SqlAnalysis, SqlAnalysisRequest } from "../model/sql.ts";
import { addCalledFunctions, addUnseenFunctions } from "./findings.ts";
import { isRequestTooLarge } from "./limits.ts";
import { openMysqlText } from "./mysql.ts";
import { openPostgresqlText } from "./postgresql.ts";
import { createRunState } from "./run-state.ts";
import { createSettings } from "./settings.ts";
import type { Walk } from "./statement-notes.ts";
import { unreadableText } from "./unreadable.ts";

/**
 * Reads the texts of a run in order and lets the rules look at every statement. Pure. Bad SQL is an answer, never an
 * exception; an exception means that the parser's instance is spoilt and its thread must end.
 */
export function analyze(request: SqlAnalysisRequest, rules: readonly Rule[]): SqlAnalysis {
  if (isRequestTooLarge(request)) {
    return { texts: request.texts.map((text) => unreadableText(text, "the run's SQL is longer than 8 MiB")) };
  }
  const walk: Walk = {
    rules,
    state: createRunState(),
    settings: createSettings(),
    functions: [],
    prepared: new Set(),
  };
  const open = request.texts.map((text) =>
    text.dialect === "postgresql" ? openPostgresqlText(walk, text) : openMysqlText(text, rules),
  );
  const findings = open.map((text) => text.findings);
  addCalledFunctions(findings, walk.functions);
  addUnseenFunctions(findings, walk.functions);
  return { texts: open.map((text) => text.finish()) };
}
