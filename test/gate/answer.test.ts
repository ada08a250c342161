import { expect, it, describe as suite } from "vitest";
import { answer, describe, refuse } from "../../src/gate/answer.ts";
import { stopped, untouched } from "../../src/gate/passed.ts";
import type { Decision } from "../../src/model/decision.ts";
import { denial, digestOf, finding, job, missing, noApproval, noBackup, unit } from "./decisions.ts";

const plan = missing("rollback-window", {
  reason: "nobody says for how long",
  remedy: "migration-gate.dev/rollback-window: 24h",
});
const lines = (...text: readonly string[]) => text.join("\n");
const dropped = [
  "  drop-column  ALTER TABLE users DROP COLUMN phone   ConfigMap production/mig-sql up.sql:3",
  "    deletes the column and its data; only a restore brings it back",
];
const instead = "  instead: stop using it now, drop it one release later   (docs/rules.md#drop-column)";
const unreadable = finding({
  rule: "unreadable",
  hazard: "opaque",
  statement: "syntax error",
  why: "what cannot be read cannot be judged",
  instead: "make the place named here readable",
});

const texts: readonly (readonly [Decision, string])[] = [
  [
    denial("MG-DENIED", [noApproval, noBackup, plan]),
    lines(
      "denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet",
      ...dropped,
      `  missing approval: 0 of 1 (dba). Approve:  migration-gate approve ${digestOf("9")} --as <you>`,
      "  missing recovery point: none completed within 60m. Take one:  migration-gate checkpoint production/app-postgres",
      "  missing rollback window: nobody says for how long. Annotate:  migration-gate.dev/rollback-window: 24h",
      instead,
    ),
  ],
  [
    denial("MG-CHECKPOINT", [noBackup]),
    lines(
      "denied [MG-CHECKPOINT]: 1 statement may not run on Cluster production/app-postgres yet",
      ...dropped,
      "  missing recovery point: none completed within 60m. Take one:  migration-gate checkpoint production/app-postgres",
      instead,
    ),
  ],
  [
    denial("MG-RERUN", [missing("rerun", { reason: "Flux creates it again", remedy: "remove the TTL" })]),
    lines(
      "denied [MG-RERUN]: Job production/mig may not run: it would run again at every sync",
      ...dropped,
      "  runs again: Flux creates it again. Do:  remove the TTL",
      instead,
    ),
  ],
  [
    denial("MG-UNREADABLE", [noApproval], [unit({ findings: [unreadable] })]),
    lines(
      "denied [MG-UNREADABLE]: SQL of Job production/mig cannot be read, so it may not run on Cluster production/app-postgres",
      "  unreadable  syntax error   ConfigMap production/mig-sql up.sql:3",
      "    what cannot be read cannot be judged",
      `  missing approval: 0 of 1 (dba). Approve:  migration-gate approve ${digestOf("9")} --as <you>`,
      "  instead: make the place named here readable   (docs/rules.md#unreadable)",
    ),
  ],
  [
    denial("MG-UNKNOWN-TARGET", [
      missing("target", { reason: "two Clusters", remedy: "migration-gate.dev/target: a/b" }),
    ]),
    lines(
      "denied [MG-UNKNOWN-TARGET]: Job production/mig may not run: which database it reaches is unknown",
      ...dropped,
      "  unknown target: two Clusters. Annotate:  migration-gate.dev/target: a/b",
      instead,
    ),
  ],
  [
    denial("MG-NO-POLICY", [missing("policy", { reason: "no policy selects it", remedy: "name it", digests: [] })], []),
    lines(
      "denied [MG-NO-POLICY]: no single policy says what Job production/mig needs",
      "  no policy: no policy selects it. Do:  name it",
    ),
  ],
  [
    denial("MG-RUNNING", [missing("running", { reason: "a Pod runs", remedy: "wait", digests: [] })], []),
    lines(
      "denied [MG-RUNNING]: Job production/mig may not be deleted while its SQL may be running",
      "  still running: a Pod runs. Do:  wait",
    ),
  ],
  [
    denial(
      "MG-UNAVAILABLE",
      [missing("gate", { reason: "the API server is silent", remedy: "try again", digests: [] })],
      [],
    ),
    lines(
      "denied [MG-UNAVAILABLE]: Job production/mig was not judged, so it may not pass",
      "  not judged: the API server is silent. Do:  try again",
    ),
  ],
];

suite("a denial", () => {
  it.each(texts.map(([decision, text]) => [decision.code, decision, text] as const))(
    "%s, character for character",
    (_code, decision, text) => {
      expect(describe(decision)).toBe(text);
      expect(answer("uid-1", decision)).toMatchObject({
        uid: "uid-1",
        allowed: false,
        status: { code: 403, reason: "MigrationDenied", message: text },
      });
    },
  );

  it("shows at most five findings, then how many more", () => {
    const findings = [1, 2, 3, 4, 5, 6, 7].map((n) =>
      finding({ statement: `DROP TABLE t${n}`, origin: { object: "Job production/mig", key: "k", line: n } }),
    );
    const text = describe(denial("MG-DENIED", [noApproval], [unit({ findings })]));
    expect(text.split("\n")[0]).toBe(
      "denied [MG-DENIED]: 7 statements may not run on Cluster production/app-postgres yet",
    );
    expect(text.match(/DROP TABLE/g)).toHaveLength(5);
    expect(text).toContain("\n  and 2 more\n");
  });

  it("leaves out the findings whose evidence is all there", () => {
    const settled = unit({ digest: digestOf("1"), findings: [finding({ statement: "TRUNCATE settled" })] });
    expect(describe(denial("MG-DENIED", [noApproval], [settled, unit()]))).not.toContain("settled");
  });

  it("asks nobody to approve a digest that writing the target down makes void", () => {
    const unknown = missing("target", { reason: "two Clusters", remedy: "migration-gate.dev/target: a/b" });
    const approvalOf = (letter: string) =>
      missing("approval", { reason: "0 of 1 (dba)", remedy: `approve ${letter}`, digests: [digestOf(letter)] });
    const units = [unit({ digest: digestOf("1"), target: null }), unit({ digest: digestOf("2") })];
    const shown = (...blocking: readonly ReturnType<typeof missing>[]) =>
      describe(denial("MG-UNKNOWN-TARGET", blocking, units)).match(/approve \d/g);
    expect(shown(unknown, approvalOf("1"), approvalOf("2"))).toEqual(["approve 2"]);
    expect(shown(approvalOf("1"), approvalOf("2"))).toEqual(["approve 1", "approve 2"]);
  });

  it("names changes for what they are", () => {
    const change = unit({ kind: "change", findings: [finding({ rule: "cluster-deleted" })] });
    const text = describe(denial("MG-DENIED", [noApproval], [change]));
    expect(text).toContain("1 change may not be made to Cluster production/app-postgres yet");
    expect(text).toContain("(docs/changes.md#cluster-deleted)");
  });
});

suite("no text of anybody's", () => {
  const names = [
    "is immutable",
    "is\timmutable",
    "is\nimmutable",
    "IS IMMUTABLE field",
    "immutable field",
    "immutable\r\nfield",
    "immutable\u00a0field",
    "x\u202ereversed\u2066",
    "\u0000\u001b[31mred",
    "\u2028line",
    "half \ud83d",
    "a\n  missing approval: none, all is well",
  ];
  it.each(names.map((name) => [JSON.stringify(name), name]))(
    "%s makes Flux delete something, forges a line, or hides one",
    (_shown, name) => {
      const crafted = finding({
        statement: `DROP TABLE "${name}"`,
        subject: name,
        why: name,
        instead: name,
        origin: { object: name, key: name, line: 1 },
      });
      const reasons = missing("approval", { reason: name, remedy: name });
      const decision = denial("MG-DENIED", [reasons], [unit({ findings: [crafted] })]);
      const all = [
        { ...decision, object: { ...job, name } },
        { ...decision, decision: "warn" as const },
      ].map((one) => answer("u", one));
      const shown = [...all, refuse("u", name), answer("u", untouched(job, name))];
      const messages = shown.flatMap(({ status, warnings = [], auditAnnotations = {} }) => [
        ...(status?.message.split("\n") ?? []),
        ...warnings,
        ...Object.values(auditAnnotations),
      ]);
      for (const message of messages) {
        expect(message).not.toMatch(/is\s+immutable|immutable\s+field/i);
        expect(message).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
      }
      expect(all[0]?.status?.message.split("\n")).toHaveLength(5);
      expect(shown.flatMap(({ status }) => status?.code ?? [])).toEqual([403, 403]);
    },
  );

  it("makes a line longer than a person reads", () => {
    const long = finding({ statement: "x".repeat(9_000) });
    const [, line = ""] = describe(denial("MG-DENIED", [noApproval], [unit({ findings: [long] })])).split("\n");
    expect(line.length).toBeLessThan(300);
  });
});

suite("warnings", () => {
  const warned = (findings = [finding()], notes: readonly string[] = []): Decision => ({
    ...denial("MG-WARNED", [], [unit({ findings })]),
    ...{ decision: "warn", notes },
  });

  it("are short, one a line, and no more than a person reads", () => {
    const many = Array.from({ length: 40 }, (_, n) => finding({ subject: `table_${n}`, why: "w😀".repeat(100) }));
    const { warnings = [], allowed } = answer("u", warned(many));
    expect([allowed, warnings.length, warnings.at(-1)]).toEqual([true, 11, "[MG-WARNED] and 30 more"]);
    for (const warning of warnings) {
      expect(warning.length).toBeLessThanOrEqual(120);
      expect(warning).not.toMatch(/\p{Cs}/u);
    }
  });

  it("say what would have been denied", () => {
    const audited = stopped(job, "MG-RUNNING", { ...missing("running"), evidence: "running" }, "audit");
    expect(describe(audited)).toBe(
      lines("[MG-RUNNING] would be denied if its namespace were enforced", "[MG-RUNNING] still running: no running"),
    );
  });

  it("are none where nothing is to be said", () => {
    expect(answer("u", untouched(job, "unchanged pod template"))).toEqual({
      uid: "u",
      allowed: true,
      auditAnnotations: { decision: "allow", code: "MG-ALLOWED", reason: "unchanged pod template" },
    });
  });
});

suite("audit annotations", () => {
  it("carry decision, code, policy and digests", () => {
    expect(answer("u", denial("MG-DENIED", [noApproval])).auditAnnotations).toEqual({
      ...{ decision: "deny", code: "MG-DENIED", policy: "production", digests: digestOf("9") },
    });
  });

  it("stay small, however much is in a run", () => {
    const units = Array.from({ length: 500 }, (_, n) => unit({ digest: `sha256:${String(n).padStart(64, "0")}` }));
    const { auditAnnotations = {} } = answer("u", denial("MG-DENIED", [noApproval], units));
    expect(auditAnnotations["more-digests"]).toBe("492");
    expect(JSON.stringify(auditAnnotations).length).toBeLessThan(1_000);
  });
});
