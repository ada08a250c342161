import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { LRUCache } from "lru-cache";
import { Piscina } from "piscina";
import type { SqlAnalysis, SqlAnalysisRequest, SqlText } from "../model/sql.ts";
import type { SqlAnalyzer } from "../ports.ts";

/** SQL that could not be analyzed in time or at all. Its message is fit for a denial. */
export class AnalysisError extends Error {
  readonly code: "busy" | "timeout" | "aborted" | "worker-died";

  constructor(code: AnalysisError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AnalysisError";
    this.code = code;
  }
}

interface SqlWorkersOptions {
  readonly threads: number;
  /** time for one request, waiting included */
  readonly deadlineMs: number;
  /** answers kept, by content */
  readonly cacheBytes: number;
}

/** The analyzer, its start (all threads parsed once) and its end. */
export interface SqlWorkers extends SqlAnalyzer {
  ready(): Promise<void>;
  close(): Promise<void>;
}

/** Requests that may be at work or wait for each thread: more than this cannot be answered within a webhook's time. */
const requestsPerThread = 32;

/** Starting and warming: until then the first 1,000 statements take four times as long as the tenth. */
const warmingMs = 800;

/** 16 MB of stack: chains of 50,000 operators parse, on the default 4 MB they spoil the parser (parser.md section 3). */
const resourceLimits = { stackSizeMb: 16, maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 64 };

/**
 * Under vitest and tsx this file is TypeScript, and so is the worker. `--import tsx` does nothing in a thread (Node 20), so
 * its loader is registered there by its API.
 */
function workerOptions(): { readonly filename: string; readonly execArgv: string[] } {
  const isSource = import.meta.url.endsWith(".ts");
  const worker = new URL(isSource ? "../sql/worker.ts" : "../sql/worker.js", import.meta.url);
  if (!isSource) return { filename: fileURLToPath(worker), execArgv: [] };
  const loader = pathToFileURL(createRequire(import.meta.url).resolve("tsx/esm/api")).href.replace(/\.cjs$/, ".mjs");
  const register = `import { register } from ${JSON.stringify(loader)}; register();`;
  return {
    filename: fileURLToPath(worker),
    execArgv: ["--import", `data:text/javascript,${encodeURIComponent(register)}`],
  };
}

function keyOf({ texts }: SqlAnalysisRequest): string {
  return texts.map(keyOfText).join(" ");
}

/**
 * A text is never changed once it was made, so its digest is made once. Where it stands is no part of it, but for the line
 * that lines are counted from: each run has a Job of its own name.
 */
function keyOfText(text: SqlText): string {
  const known = keys.get(text);
  if (known !== undefined) return known;
  const { origin, ...content } = text;
  const key = createHash("sha256")
    .update(JSON.stringify([origin.line, content]))
    .digest("base64");
  keys.set(text, key);
  return key;
}

const keys = new WeakMap<SqlText, string>();

/** What was found in equal texts that stand elsewhere: one analysis a text, in order. */
function standingIn({ texts }: SqlAnalysisRequest, known: SqlAnalysis): SqlAnalysis {
  return { texts: known.texts.map((text, index) => ({ ...text, origin: texts[index]?.origin ?? text.origin })) };
}

function toAnalysisError(cause: unknown, caller: AbortSignal, deadlineMs: number): AnalysisError {
  if (caller.aborted) return new AnalysisError("aborted", "reading the SQL was given up", { cause });
  if (cause instanceof Error && cause.name === "AbortError") {
    return new AnalysisError("timeout", `the SQL could not be read within ${deadlineMs} ms`, { cause });
  }
  return new AnalysisError("worker-died", "the SQL parser failed on this SQL", { cause });
}

/** One statement of each common kind, so that the parser and the rules are compiled before the first request. */
function warmUp(): SqlText {
  const statements = Array.from({ length: 100 }, (_, i) =>
    [
      `CREATE TABLE IF NOT EXISTS t${i} (id bigint PRIMARY KEY, name varchar(20) NOT NULL DEFAULT 'x', CHECK (id > ${i}));`,
      `ALTER TABLE t${i} ADD COLUMN IF NOT EXISTS c${i} text; CREATE INDEX CONCURRENTLY i${i} ON t${i} (c${i});`,
      `UPDATE t${i} SET name = lower(name) WHERE id = ${i}; DELETE FROM t${i} WHERE id < 5; DROP VIEW IF EXISTS v${i};`,
      `INSERT INTO t${i} SELECT * FROM s JOIN u USING (id) WHERE s.a IN (1, 2) ON CONFLICT DO NOTHING;`,
      i % 40 === 0 ? `DO $$ BEGIN IF true THEN EXECUTE format('DROP TABLE %I', 'x'); END IF; END $$;` : "",
    ].join("\n"),
  );
  return {
    origin: { object: "", key: "", line: 1 },
    text: statements.join("\n"),
    dialect: "postgresql",
    client: "psql",
    variables: {},
    includes: {},
    stopsOnError: true,
    singleTransaction: false,
    markers: [],
  };
}

/**
 * Reads SQL in worker threads that are thrown away when they run too long or fail. Throws AnalysisError; answers to the
 * same content come from memory.
 */
export function createSqlWorkers(options: SqlWorkersOptions): SqlWorkers {
  const { threads, deadlineMs, cacheBytes } = options;
  const pool = new Piscina<SqlAnalysisRequest, SqlAnalysis>({
    ...workerOptions(),
    minThreads: threads,
    maxThreads: threads,
    idleTimeout: Number.POSITIVE_INFINITY,
    resourceLimits,
  });
  // a thread that dies between two requests is replaced by the pool; the next request will show whether that helped
  pool.on("error", () => undefined);
  const cache = new LRUCache<string, SqlAnalysis>({
    maxSize: cacheBytes,
    sizeCalculation: (analysis) => JSON.stringify(analysis).length,
  });

  // counted here: piscina's own bound does not hold for tasks that found no free thread
  let open = 0;

  async function run(request: SqlAnalysisRequest, caller: AbortSignal): Promise<SqlAnalysis> {
    if (open >= threads * requestsPerThread) {
      throw new AnalysisError("busy", "too many requests are waiting for their SQL to be read");
    }
    open++;
    const deadline = new AbortController();
    const timer = setTimeout(() => deadline.abort(), deadlineMs);
    try {
      return await pool.run(request, { signal: AbortSignal.any([caller, deadline.signal]) });
    } catch (cause) {
      throw toAnalysisError(cause, caller, deadlineMs);
    } finally {
      open--;
      clearTimeout(timer);
    }
  }

  return {
    async analyze(request, signal) {
      const key = keyOf(request);
      const known = cache.get(key);
      if (known !== undefined) return standingIn(request, known);
      const analysis = await run(request, signal);
      cache.set(key, analysis);
      return analysis;
    },
    async ready() {
      const warm = { texts: [warmUp()] };
      const started = performance.now();
      do await Promise.all(Array.from({ length: threads }, () => pool.run(warm)));
      while (performance.now() - started < warmingMs);
    },
    close: () => pool.destroy(),
  };
}
