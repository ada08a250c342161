import type { SqlAnalysis, SqlAnalysisRequest } from "../model/sql.ts";
import { rules } from "../rules/index.ts";
import { analyze } from "./analyze.ts";

/**
 * What runs in a worker thread: one request, one answer. An exception means that the parser's instance cannot be trusted
 * any more (parser.md section 3): the thread ends at once, so that no other request meets it; the pool starts a new one.
 */
// biome-ignore lint/style/noDefaultExport: piscina calls a worker file's default export
export default function run(request: SqlAnalysisRequest): SqlAnalysis {
  try {
    return analyze(request, rules);
  } catch {
    return process.exit(1);
  }
}
