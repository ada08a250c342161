import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { AnalysisError, createSqlWorkers, type SqlWorkers } from "../../src/adapters/sql-workers.ts";
import type { SqlAnalysis, SqlAnalysisRequest } from "../../src/model/sql.ts";
import { sqlText } from "../sql/texts.ts";

const never = new AbortController().signal;
const request = (text: string): SqlAnalysisRequest => ({ texts: [sqlText(text)] });

/** A text inside all limits that takes the parser too long: a million operands. */
const endless = (seed: number): SqlAnalysisRequest => request(`SELECT ${seed}${" | 1".repeat(200_000)}`);

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
    const first = await workers.analyze(request("DROP TABLE b"), never);
    expect(await workers.analyze(request("DROP TABLE b"), never)).toBe(first);
    expect(await workers.analyze(request("DROP TABLE c"), never)).not.toBe(first);
  });

  it("keep answering after syntax errors", async () => {
    for (let i = 0; i < 50; i++) await workers.analyze(request(`SELEC ${i}`), never);
    expect(rulesOf(await workers.analyze(request("DROP TABLE d"), never))).toContain("drop-table");
  });

  it("29 stack overflows poison no answer", async () => {
    for (let i = 0; i < 29; i++) await codeOf(workers.analyze(request(`SELECT ${i}${"+1".repeat(120_000)}`), never));
    expect(rulesOf(await workers.analyze(request("DROP TABLE e"), never))).toContain("drop-table");
  }, 120_000);

  it("give up when the caller does", async () => {
    const abort = new AbortController();
    const work = codeOf(workers.analyze(endless(1), abort.signal));
    setTimeout(() => abort.abort(), 50);
    expect(await work).toBe("aborted");
    expect(rulesOf(await workers.analyze(request("DROP TABLE f"), never))).toContain("drop-table");
  }, 60_000);
});

describe("SQL workers under attack", () => {
  it("end a parse at the deadline and refuse what cannot be served in time", async () => {
    const workers = createSqlWorkers({ threads: 1, deadlineMs: 10, cacheBytes: 1000 });
    await workers.ready();
    const codes = await Promise.all(Array.from({ length: 40 }, (_, i) => codeOf(workers.analyze(endless(i), never))));
    expect(new Set(codes)).toEqual(new Set(["timeout", "busy"]));
    await workers.close();
  }, 60_000);
});
