import { isUtf8 } from "node:buffer";
import type { IncomingMessage } from "node:http";

/** A body as read: JSON, or too big to be judged but with a uid, so that the denial can say why. */
export type Body =
  | { readonly kind: "json"; readonly value: unknown }
  | { readonly kind: "too-large"; readonly uid: string };

/** A body nobody can be answered by uid for: the HTTP status says what is wrong with it. */
class BodyError extends Error {
  readonly code = "BAD_BODY";
  readonly statusCode: 400 | 413;

  constructor(statusCode: 400 | 413, message: string, options?: ErrorOptions) {
    super(message, options);
    this.statusCode = statusCode;
  }
}

/** The API server writes the uid first, so a review too big to be kept still shows it. */
const uidAtHead = /"request"\s*:\s*\{\s*"uid"\s*:\s*"([^"\\]{1,128})"/;
const headBytes = 4096;
/** Reading on lets the other side finish writing and see the answer; beyond this it is not a review any more. */
const patience = 4;

/**
 * Reads and parses a request's body, `limit` in bytes. Rejects with BodyError, or with the stream's own error. By events:
 * an async iterator over the stream costs more than parsing a small review.
 */
function readBody(stream: IncomingMessage, limit: number): Promise<Body> {
  return new Promise((resolve, reject) => {
    const kept: Buffer[] = [];
    let size = 0;
    const finish = (): void => {
      stream.removeListener("data", take);
      try {
        resolve(size > limit ? tooLarge(kept, limit) : { kind: "json", value: parsed(Buffer.concat(kept)) });
      } catch (error) {
        reject(error);
      }
    };
    const take = (bytes: Buffer): void => {
      size += bytes.length;
      if (size <= limit || kept.length === 0) kept.push(bytes);
      if (size > limit * patience) finish();
    };
    stream.on("data", take).once("end", finish).once("error", reject);
  });
}

function tooLarge(kept: readonly Buffer[], limit: number): Body {
  const head = Buffer.concat(kept, Math.min(headBytes, total(kept))).toString("latin1");
  const uid = uidAtHead.exec(head)?.[1];
  if (uid === undefined) throw new BodyError(413, `the body is larger than ${limit} bytes`);
  return { kind: "too-large", uid };
}

function total(chunks: readonly Buffer[]): number {
  return chunks.reduce((sum, chunk) => sum + chunk.length, 0);
}

function parsed(bytes: Buffer): unknown {
  try {
    // Bytes that are no UTF-8 would be replaced without a word, and other SQL judged than what is stored.
    if (!isUtf8(bytes)) throw new TypeError("invalid UTF-8");
    return JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new BodyError(400, "the body is not JSON in UTF-8", { cause });
  }
}

/** Fastify's parser for `application/json`: it never edits what it read, unlike the built-in one with its schemas. */
export function bodyParser(limit: number): (request: unknown, payload: IncomingMessage) => Promise<Body> {
  return (_request, payload) => readBody(payload, limit);
}
