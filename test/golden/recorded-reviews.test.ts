import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";
import { createPreviews } from "../../src/adapters/previews.ts";
import { createSqlWorkers } from "../../src/adapters/sql-workers.ts";
import { createGate } from "../../src/gate/review.ts";
import { readPolicy } from "../../src/policy.ts";
import { createRecordedCluster, recordedReviews } from "./recording.ts";

interface Expected {
  readonly answer: "allow" | "warn" | "deny";
  /** why this is the right answer: written by hand, never printed */
  readonly why: string;
  /** message or warnings, the whole text */
  readonly says?: string;
}

const policyFile = join(import.meta.dirname, "../../policies/production.yaml");
const expectedFile = join(import.meta.dirname, "recorded-reviews.yaml");
const analyzer = createSqlWorkers({ threads: 1, deadlineMs: 10_000, cacheBytes: 16 * 1024 * 1024 });
afterAll(() => analyzer.close());

/** The recording replayed: each review is judged by the cluster as it was then, and answers as the golden file says. */
describe("the recorded reviews", async () => {
  const expected: Readonly<Record<string, Expected>> = parse(readFileSync(expectedFile, "utf8"));
  const answers = await replay();

  it("have an expected answer each", () => {
    expect(Object.keys(expected)).toEqual(recordedReviews().map(({ file }) => file));
    expect(Object.entries(expected).filter(([, { why }]) => why.trim().length < 10)).toEqual([]);
  });

  it.for(recordedReviews().map(({ file }) => file))("%s", (file) => {
    const { why: _, ...wanted } = expected[file] ?? { why: "" };
    expect(answers.get(file)).toEqual(wanted);
  });

  it("never say what makes Flux delete an object", () => {
    expect(stringify([...answers.values()])).not.toMatch(/is\simmutable|immutable\sfield/i);
  });
});

async function replay(): Promise<ReadonlyMap<string, Omit<Expected, "why">>> {
  const cluster = createRecordedCluster();
  const policy = readPolicy(readFileSync(policyFile, "utf8"), "policies/production.yaml");
  const world = {
    ...{ reader: cluster, clock: cluster, analyzer, previews: createPreviews(), offline: false },
    policies: () => [{ ...policy, images: ["localhost/postgresql"] }],
    settings: {
      operatorAccounts: ["system:serviceaccount:cnpg-system:cnpg-manager"],
      exemptNamespaces: ["kube-system", "flux-system", "cnpg-system", "migration-gate"],
      clusterDomain: "cluster.local",
    },
  };
  const gate = createGate(world);
  const answers = new Map<string, Omit<Expected, "why">>();
  for (const recorded of recordedReviews()) {
    const registration = { endpoint: recorded.endpoint, failOpen: false };
    const { response } = await gate.review(recorded.body, registration, AbortSignal.timeout(20_000));
    const says = response.status?.message ?? response.warnings?.join("\n");
    const answer = !response.allowed ? "deny" : says === undefined ? "allow" : "warn";
    answers.set(recorded.file, { answer, ...(says === undefined ? {} : { says }) });
    cluster.apply(recorded);
  }
  return answers;
}
