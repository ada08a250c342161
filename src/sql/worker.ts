import type { SqlAnalysis, SqlAnalysisRequest } from "../model/sql.ts";
import { rules } from "../rules/index.ts";
import { analyze } from "./analyze.ts";

/**
 * What runs in a worker thread: one request, one answer. An exception means that the parser's instance cannot be trusted
 * any more (parser.md section 3): it is told to the caller, and the thread ends, so that the next request gets a new one.
 */
// biome-ignore lint/style/noDefaultExport: piscina calls a worker file's default export
export default function run(request: SqlAnalysisRequest): SqlAnalysis {
  return analyze(request, rules);
}
