import type { SqlAnalysisRequest } from "../model/sql.ts";

/** Design section 11: what a text may be before any parser sees it. Sizes in bytes of UTF-8. */
export const limits = {
  textBytes: 1024 * 1024,
  requestBytes: 8 * 1024 * 1024,
  nesting: 500,
  commentNesting: 32,
  /** tokens in one unbroken run of operator characters: libpg-query is quadratic in it (parser.md section 3) */
  operatorRun: 63,
} as const;

/** A place in a text that makes it unreadable; `at` counts UTF-16 units from 0. */
export interface Broken {
  readonly at: number;
  readonly message: string;
}

/**
 * What no parser may see: too many bytes, a NUL (libpg-query stops there in silence), a lone surrogate or U+FFFD (left
 * by lenient decoding: the name in the text is not the name on the server).
 */
export function brokenText(text: string): Broken | null {
  if (Buffer.byteLength(text) > limits.textBytes) return { at: 0, message: "longer than 1 MiB" };
  const at = text.search(/[\0\ufffd]|\p{Surrogate}/u);
  if (at < 0) return null;
  return { at, message: text[at] === "\0" ? "holds a NUL character" : "is not valid UTF-8" };
}

/** Bytes of all texts and of what they include. */
export function isRequestTooLarge(request: SqlAnalysisRequest): boolean {
  let bytes = 0;
  for (const text of request.texts) {
    bytes += Buffer.byteLength(text.text);
    for (const include of Object.values(text.includes)) bytes += Buffer.byteLength(include);
  }
  return bytes > limits.requestBytes;
}

/** psql and most tools skip one byte order mark; the parser calls it a syntax error. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
