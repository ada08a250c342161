import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { requestsOf } from "../src/commands/requests.ts";
import { createGate } from "../src/gate/review.ts";
import type { AdmissionRequest, AdmissionResponse, KubernetesObject } from "../src/model/kubernetes.ts";
import * as o from "./gate/objects.ts";
import { create } from "./gate/requests.ts";
import { createAnalyzer, worldOf } from "./gate/world.ts";
import { jobReview } from "./support/reviews.ts";

const analyzer = createAnalyzer();
afterAll(() => analyzer.close());
const gateOver = (objects: readonly KubernetesObject[]) =>
  createGate(worldOf([...o.healthy, ...objects], { analyzer }));
const soon = () => AbortSignal.timeout(30_000);
const byWebhook = { endpoint: "validate", failOpen: false } as const;

/** JSON that looks like an AdmissionReview in places: pure noise would never get past the first check. */
const anyBody = fc.oneof(
  fc.jsonValue(),
  fc
    .tuple(
      fc.constantFrom(
        "uid",
        "kind",
        "resource",
        "operation",
        "userInfo",
        "object",
        "oldObject",
        "dryRun",
        "options",
        "name",
      ),
      fc.jsonValue(),
    )
    .map(([field, value]) => jobReview("uid-1", { [field]: value })),
  fc.jsonValue().map((template) => withObject({ spec: { template } })),
  fc.jsonValue().map((spec) => withObject({ spec: { template: { spec } } })),
  fc.jsonValue().map((containers) => withObject({ spec: { template: { spec: { containers } } } })),
  fc.jsonValue().map((metadata) => withObject({ metadata })),
);

function withObject(parts: Readonly<Record<string, unknown>>) {
  const review = jobReview("uid-1");
  return { ...review, request: { ...review.request, object: { ...review.request.object, ...parts } } };
}

function uidIn(body: unknown): string {
  const request = typeof body === "object" && body !== null && "request" in body ? body.request : undefined;
  const uid = typeof request === "object" && request !== null && "uid" in request ? request.uid : undefined;
  return typeof uid === "string" ? uid : "";
}

function expectWellFormed(response: AdmissionResponse, body: unknown): void {
  expect(response.uid).toBe(uidIn(body));
  expect(typeof response.allowed).toBe("boolean");
  expect(response.allowed ? undefined : response.status?.code).toBe(response.allowed ? undefined : 403);
  expect(response.allowed ? 1 : (response.status?.message.length ?? 0)).toBeGreaterThan(0);
  expect(JSON.stringify(response)).not.toMatch(/is\s+immutable|immutable\s+field/i);
  for (const warning of response.warnings ?? []) expect(warning.length).toBeLessThanOrEqual(120);
}

describe("any JSON", () => {
  it("gets a well-formed answer; what cannot be read is refused", async () => {
    const gate = gateOver([]);
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const { response, request } = await gate.review(body, byWebhook, soon());
        expectWellFormed(response, body);
        if (request === null) expect(response.allowed).toBe(false);
      }),
      { numRuns: 300 },
    );
  });

  it("is not changed by being judged", async () => {
    const gate = gateOver([]);
    await fc.assert(
      fc.asyncProperty(anyBody, async (body) => {
        const before = JSON.stringify(body);
        await gate.review(body, byWebhook, soon());
        expect(JSON.stringify(body)).toBe(before);
      }),
      { numRuns: 100 },
    );
  });
});

const harmlessStatements = fc.constantFrom(
  "SELECT 1;",
  "SELECT 'DROP TABLE x; -- ';",
  "/* a /* nested */ comment */",
  "-- a comment\n",
  "ALTER TABLE users ADD COLUMN email text;",
  "CREATE TABLE IF NOT EXISTS users (id bigint);",
  "BEGIN;",
  "COMMIT;",
  "INSERT INTO logs VALUES ($$a;b$$);",
  "SET statement_timeout = '5s';",
);
const harmlessContainers = fc.constantFrom(
  { name: "wait", image: "docker.io/library/busybox", command: ["sleep", "1"] },
  { name: "proxy", image: "istio/proxyv2", args: ["proxy", "sidecar"] },
  { name: "m", image: "docker.io/library/busybox", command: ["true"] },
);
const annotations = fc.dictionary(
  fc
    .oneof(
      fc.constantFrom(
        "constructor",
        "toString",
        "hasOwnProperty",
        "migration-gate.dev/phase",
        "approval.migration-gate.dev/",
      ),
      fc.string(),
    )
    .filter((key) => key !== "__proto__"),
  fc.string(),
  { maxKeys: 5 },
);

describe("a finding never disappears", () => {
  const destructive = fc.constantFrom(
    "DROP TABLE users;",
    "TRUNCATE users;",
    "DELETE FROM users;",
    "DROP SCHEMA app CASCADE;",
  );

  it("among harmless statements, containers and annotations", async () => {
    const gate = gateOver([]);
    await fc.assert(
      fc.asyncProperty(
        destructive,
        fc.array(harmlessStatements, { maxLength: 6 }),
        fc.array(harmlessStatements, { maxLength: 6 }),
        fc.array(harmlessContainers, { maxLength: 3 }),
        annotations,
        async (sql, before, after, others, noted) => {
          const text = [...before, sql, ...after].join("\n");
          const containers = [...others, o.psql(["-c", text]), ...others];
          const job = o.job({ initContainers: others, containers }, { annotations: noted });
          const decision = await gate.judge({ request: create(job), failOpen: false }, soon());
          expect([decision.decision, decision.priced.some(({ hazard }) => hazard === "data-loss")]).toEqual([
            "deny",
            true,
          ]);
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** The API server's wire form of a request. */
function wireOf(request: AdmissionRequest): unknown {
  const { endpoint: _, ...wire } = request;
  return { apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", request: { ...wire, uid: "uid-1" } };
}

describe("webhook and check", () => {
  it("decide alike on the same manifests", async () => {
    const sql = fc.array(
      fc.oneof(harmlessStatements, fc.constantFrom("DROP TABLE users;", "syntax error", "DELETE FROM a WHERE id = 1;")),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(sql, sql, async (inFile, inline) => {
        const spec = { ...o.mountedSpec, initContainers: [o.psql(["-c", inline.join("\n")], { name: "first" })] };
        const objects = [o.configMap(inFile.join("\n")), o.job(spec)];
        const gate = gateOver(objects);
        const files = objects.map((object) => ({
          object,
          file: "run.yaml",
          document: 1,
          line: 1,
          textLines: new Map(),
        }));
        for (const { request } of requestsOf(files, null)) {
          const checked = await gate.judge({ request, failOpen: false }, soon());
          const { decision, response } = await gate.review(wireOf(request), byWebhook, soon());
          expect(decision).toEqual(checked);
          expect(response.allowed).toBe(checked.decision !== "deny");
        }
      }),
      { numRuns: 60 },
    );
  });
});
