import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AnalysisError, createSqlWorkers, type SqlWorkers } from "../../src/adapters/sql-workers.ts";
import type { SqlAnalysis, SqlAnalysisRequest } from "../../src/model/sql.ts";
import { sqlText } from "../sql/texts.ts";

const never = new AbortController().signal;
const request = (text: string): SqlAnalysisRequest => ({ texts: [sqlText(text)] });

/** A text inside all limits that takes the parser far longer than the deadlines here. */
const long = (seed: number): SqlAnalysisRequest => request(`SELECT ${seed};`.repeat(70_000));

/** Nested so deep on the left that the parser's stack overflows, which in time would spoil its instance for good. */
const overflowing = (seed: number): SqlAnalysisRequest => request(`SELECT ${seed}${"+1".repeat(500_000)}`);

function rulesOf(analysis: SqlAnalysis): readonly string[] {
  return analysis.texts.flatMap((text) => text.hits.map((hit) => hit.rule));
}

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return "answered";
  } catch (error) {
    return error instanceof AnalysisError ? error.code : String(error);
  }
}

describe("SQL workers", () => {
  let workers: SqlWorkers;
  beforeAll(async () => {
    workers = createSqlWorkers({ threads: 1, deadlineMs: 20_000, cacheBytes: 1_000_000 });
    await workers.ready();
  });
  afterAll(() => workers.close());

  it("answer with the rules of the catalogue", async () => {
    expect(rulesOf(await workers.analyze(request("DROP TABLE a"), never))).toContain("drop-table");
  });

  it("answer the same content from memory", async () => {
    const hitsOf = async (asked: SqlAnalysisRequest) => (await workers.analyze(asked, never)).texts[0]?.hits;
    const first = await hitsOf(request("DROP TABLE b"));
    expect(await hitsOf(request("DROP TABLE b"))).toBe(first);
    expect(await hitsOf(request("DROP TABLE c"))).not.toBe(first);
  });

  it("answer it from memory for a Job of another name too, with its own place and lines", async () => {
    const standing = (object: string, line: number): SqlAnalysisRequest => {
      return { texts: [{ ...sqlText("DROP TABLE f"), origin: { object, key: "command[1]", line } }] };
    };
    const [first] = (await workers.analyze(standing("Job production/one", 1), never)).texts;
    const [other] = (await workers.analyze(standing("Job production/other", 1), never)).texts;
    expect(other?.hits).toBe(first?.hits);
    expect([first?.origin.object, other?.origin.object]).toEqual(["Job production/one", "Job production/other"]);
    const [below] = (await workers.analyze(standing("Job production/one", 5), never)).texts;
    expect([first?.hits[0]?.line, below?.hits[0]?.line]).toEqual([1, 5]);
  });

  it("keep answering after syntax errors", async () => {
    for (let i = 0; i < 50; i++) await workers.analyze(request(`SELEC ${i}`), never);
    expect(rulesOf(await workers.analyze(request("DROP TABLE d"), never))).toContain("drop-table");
  });

  it("poison no answer by stack overflows: each ends its thread", async () => {
    for (let i = 0; i < 3; i++) expect(await codeOf(workers.analyze(overflowing(i), never))).toBe("worker-died");
    expect(rulesOf(await workers.analyze(request("DROP TABLE e"), never))).toContain("drop-table");
  }, 60_000);

  it("give up when the caller does", async () => {
    const abort = new AbortController();
    const work = codeOf(workers.analyze(long(1), abort.signal));
    setTimeout(() => abort.abort(), 50);
    expect(await work).toBe("aborted");
    expect(rulesOf(await workers.analyze(request("DROP TABLE f"), never))).toContain("drop-table");
  }, 60_000);
});

describe("SQL workers under attack", () => {
  it("end a parse at the deadline and refuse what cannot be served in time", async () => {
    const workers = createSqlWorkers({ threads: 1, deadlineMs: 200, cacheBytes: 1000 });
    await workers.ready();
    const others = Array.from({ length: 40 }, (_, i) => request(`SELECT ${i}`));
    const codes = await Promise.all([long(2), ...others].map((each) => codeOf(workers.analyze(each, never))));
    expect(codes[0]).toBe("timeout");
    expect(codes.filter((code) => code === "busy")).toHaveLength(41 - 32);
    await workers.close();
  }, 60_000);
});
