import type { AnalyzedText, SqlText } from "../model/sql.ts";
import { createCanonicalHash } from "./canonical.ts";

/** A text that is not read at all, and why. */
export function unreadableText(text: SqlText, message: string): AnalyzedText {
  const hash = createCanonicalHash(text.dialect);
  hash.raw(text.text);
  return {
    origin: text.origin,
    statements: [],
    hits: [],
    opaque: [],
    errors: [{ line: text.origin.line, message }],
    canonical: hash.digest(),
    settings: [],
    changesSchema: true,
  };
}
