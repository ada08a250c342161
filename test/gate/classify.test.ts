import { describe, expect, it } from "vitest";
import { classify } from "../../src/gate/classify.ts";
import { parse } from "../../src/gate/parse.ts";
import type { LocatedStep, Step } from "../../src/model/run.ts";
import type { AnalyzedText, SqlAnalysisRequest, SqlText } from "../../src/model/sql.ts";
import { target } from "./decisions.ts";

const text = (sql: string, key = "up.sql"): SqlText => ({
  ...{
    origin: { object: "ConfigMap production/mig-sql", key, line: 1 },
    text: sql,
    dialect: "postgresql",
    client: "psql",
  },
  ...{ variables: {}, includes: {}, stopsOnError: true, singleTransaction: false, markers: [] },
});
const step = (sql: readonly SqlText[], parts: Partial<Step> = {}): Step => ({
  ...{
    container: "m",
    init: false,
    image: "postgres:17",
    argv: ["psql"],
    command: [["psql"]],
    tool: "psql",
    subcommand: null,
  },
  ...{
    destructive: null,
    options: [],
    sql,
    opaque: [],
    commands: [],
    dialect: "postgresql",
    environment: {},
    mounts: [],
  },
  connection: { hosts: [], port: [], database: [], secrets: [] },
  origin: { object: "Job production/mig", key: "spec", line: 1 },
  ...parts,
});
const at = (database: string, found: Step): LocatedStep => ({
  step: found,
  location: { kind: "cluster", target: { ...target, database }, reason: "", claimed: false },
});
const analyzed = ({ origin, text: sql }: SqlText): AnalyzedText => ({
  ...{ origin, statements: [], hits: [], opaque: [], errors: [], settings: [], changesSchema: false },
  canonical: `hash of ${sql}`,
});

/** Answers what it is asked, and keeps the questions. */
function recorder() {
  const asked: SqlAnalysisRequest[] = [];
  const analyze = async (request: SqlAnalysisRequest) => {
    asked.push(request);
    return { texts: request.texts.map(analyzed) };
  };
  return { asked, analyze };
}
const signal = new AbortController().signal;

describe("parse", () => {
  it("reads the texts of one target together and in order, those of another apart", async () => {
    const analyzer = recorder();
    const steps = [
      at("app", step([text("1"), text("2")])),
      at("billing", step([text("3")])),
      at("app", step([text("4")])),
    ];
    const parsed = await parse(steps, analyzer, signal);
    expect(analyzer.asked.map(({ texts }) => texts.map((one) => one.text))).toEqual([["1", "2", "4"], ["3"]]);
    expect(parsed.map(({ texts }) => texts.map(({ canonical }) => canonical))).toEqual([
      ["hash of 1", "hash of 2"],
      ["hash of 3"],
      ["hash of 4"],
    ]);
  });

  it("asks nothing about a step without SQL", async () => {
    const analyzer = recorder();
    await parse([at("app", step([]))], analyzer, signal);
    expect(analyzer.asked).toEqual([]);
  });
});

describe("classify", () => {
  const digests = async (...steps: readonly LocatedStep[]) =>
    classify(await parse(steps, recorder(), signal), "production").map(({ digest }) => digest);

  it("gives every text a unit, and one more to what a step does besides", async () => {
    const bent = step([text("1")], { opaque: [{ kind: "untrusted", reason: "image x", origin: text("").origin }] });
    const units = classify(await parse([at("app", bent)], recorder(), signal), "production");
    expect(units.map(({ kind }) => kind)).toEqual(["sql", "opaque"]);
  });

  it("gives a text another digest when another one runs before it on the same target", async () => {
    const [first, second] = await digests(at("app", step([text("1"), text("2")])));
    const [secondFirst, firstSecond] = await digests(at("app", step([text("2"), text("1")])));
    expect(new Set([first, second, secondFirst, firstSecond]).size).toBe(4);
    expect(await digests(at("billing", step([text("1")])), at("app", step([text("2")])))).toContain(secondFirst);
  });

  it("keeps the digest when the file has another name, and when the step has more beside it", async () => {
    const [plain] = await digests(at("app", step([text("1")])));
    const [renamed] = await digests(at("app", step([text("1", "other.sql")])));
    expect(renamed).toBe(plain);
  });

  it("makes an answer that is missing an error: no text goes unjudged", async () => {
    const forgetful = { analyze: async () => ({ texts: [] }) };
    const parsed = await parse([at("app", step([text("1")]))], forgetful, signal);
    expect(() => classify(parsed, "production")).toThrow("came back without an answer");
  });
});
