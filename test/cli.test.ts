import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { commands } from "../src/commands/index.ts";
import { corpusFiles, createFluxRepository } from "./commands/flux-repository.ts";
import { type Ran, runCli } from "./commands/run-cli.ts";

const root = join(import.meta.dirname, "..");
const cluster = ["--cluster", join(root, "examples/cluster")];
const policies = ["--policies", join(root, "policies")];
const dropColumn = join(root, "examples/drop-column");
const addColumn = join(root, "examples/add-column");
const noon = ["--now", "2026-11-24T12:00:00Z"];
const morning = ["--now", "2026-11-24T01:30:00Z"];

describe("the command line", () => {
  it("lists every command, and each teaches itself with an example", async () => {
    const { code, out } = await runCli(["--help"]);
    expect(code).toBe(0);
    for (const { name } of commands) {
      expect(out).toContain(`  ${name.padEnd(10)}`);
      const help = await runCli([name, "--help"]);
      expect(help.code).toBe(0);
      expect(help.out).toContain(`  migration-gate ${name}`);
      expect(help.out).toContain("Exit code:");
    }
  });

  it.for<readonly [string, readonly string[], string]>([
    ["an unknown command", ["chekc"], "chekc is no command"],
    ["an unknown option", ["check", "--polices", "x"], "Unknown option '--polices'"],
    ["a bad format", ["check", dropColumn, "-o", "yaml"], "--output yaml: allowed are text, json, markdown, sarif"],
    ["no path", ["check", ...policies], "give at least one file or folder"],
    ["a path that is not there", ["check", "/nowhere", ...policies], "/nowhere"],
    ["a folder without policies", ["check", dropColumn, "--policies", dropColumn], "drop-column"],
    ["both kinds of cluster", ["check", dropColumn, ...cluster, "--context", "x", ...policies], "give one of them"],
    ["a time that is none", ["check", dropColumn, "--now", "noon", ...policies], "--now noon"],
    ["a rule that is none", ["explain", "drop-everything"], "drop-everything is no rule"],
    ["a hazard that is none", ["lint", "x.sql", "--fail-on", "doom"], "--fail-on doom: allowed are data-loss"],
    ["a folder without SQL", ["lint", dropColumn], "no *.sql file"],
    ["since on standard input", ["check", "-", "--since", "HEAD", ...policies], "standard input has no history"],
  ])("answers %s with exit code 2, the reason, and no stack", async ([, args, reason]) => {
    const { code, out, err } = await runCli(args);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain(reason);
    expect(err).not.toMatch(/\n\s+at /);
  });
});

describe("check", () => {
  it("denies what Git could have settled, and only lists what exists at sync time", async () => {
    const { code, out } = await runCli(["check", dropColumn, join(root, "examples/cluster"), ...policies]);
    expect(code).toBe(1);
    expect(out).toContain("missing approval: 0 of 1 (dba)");
    expect(out).toContain("at sync: missing recovery point");
  });

  it("passes an approved migration without a cluster, and not with --strict", async () => {
    const folder = approvedCopy(await digestOf());
    const args = ["check", folder, join(root, "examples/cluster"), ...policies];
    expect((await runCli(args)).code).toBe(0);
    expect((await runCli([...args, "--strict"])).code).toBe(1);
    rmSync(folder, { recursive: true });
  });

  it("judges the recovery point by a folder as the cluster, at the time it is told", async () => {
    const folder = approvedCopy(await digestOf());
    const args = ["check", folder, ...cluster, ...policies];
    expect((await runCli([...args, ...morning])).code).toBe(0);
    const late = await runCli([...args, ...noon]);
    expect(late.code).toBe(1);
    expect(late.out).toContain("denied [MG-CHECKPOINT]");
    rmSync(folder, { recursive: true });
  });

  it("reads standard input", async () => {
    const text = ["sql.yaml", "job.yaml"].map((file) => readFileSync(join(addColumn, file), "utf8")).join("---\n");
    const { code, out } = await runCli(["check", "-", ...cluster, ...policies], text);
    expect({ code, warned: out.includes("changes the schema") }).toEqual({ code: 0, warned: true });
  });

  it.for<readonly [string, string]>([
    ["standard input is empty, because what renders it failed", ""],
    ["nothing in it is a Kubernetes object", "hello: world\n"],
  ])("does not take it for fine when %s", async ([, text]) => {
    const { code, err } = await runCli(["check", "-", ...policies], text);
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining("no Kubernetes object") });
  });

  it("cannot judge a migration whose namespace is not in sight and that no policy names", async () => {
    const text = ["sql.yaml", "job.yaml"].map((file) => readFileSync(join(dropColumn, file), "utf8")).join("---\n");
    for (const namespace of ["", "  namespace: prod\n"]) {
      const moved = text.replaceAll("  namespace: production\n", namespace);
      const { code, out } = await runCli(["check", "-", ...cluster, ...policies], moved);
      expect({ code, denied: out.includes("denied [MG-NO-POLICY]") }).toEqual({ code: 2, denied: true });
    }
  });

  it("refuses two different objects of one name: the other one may be the one that destroys", async () => {
    const folder = mkdtempSync(join(tmpdir(), "doubles-"));
    cpSync(dropColumn, join(folder, "a"), { recursive: true });
    cpSync(join(addColumn, "sql.yaml"), join(folder, "b.yaml"));
    const { code, err } = await runCli(["check", folder, ...cluster, ...policies]);
    expect(code).toBe(2);
    expect(err).toContain(`ConfigMap production/mig-sql stands at ${folder}/a/sql.yaml:1 and ${folder}/b.yaml:1`);
    rmSync(folder, { recursive: true });
  });

  it("prints JSON that keeps to its shape", async () => {
    const { out } = await runCli(["check", dropColumn, ...cluster, ...policies, ...noon, "-o", "json"]);
    const report = JSON.parse(out);
    expect(validate(checkShape, report)).toEqual([]);
    expect(report.decisions[0].findings[0]).toEqual({
      rule: "drop-column",
      hazard: "data-loss",
      statement: "ALTER TABLE users DROP COLUMN phone",
      origin: { object: "ConfigMap production/mig-sql", key: "up.sql", path: join(dropColumn, "sql.yaml"), line: 2 },
    });
  });

  it("prints SARIF with a rule and a place for each finding", async () => {
    const { out } = await runCli(["check", dropColumn, ...cluster, ...policies, ...noon, "-o", "sarif"]);
    const [run] = JSON.parse(out).runs;
    expect(run.tool.driver.rules.map(({ id }: { id: string }) => id)).toEqual(["drop-column"]);
    expect(run.results[0]).toMatchObject({ ruleId: "drop-column", level: "error" });
    expect(run.results[0].locations[0].physicalLocation).toEqual({
      artifactLocation: { uri: join(dropColumn, "sql.yaml") },
      region: { startLine: 9 },
    });
  });

  it("prints Markdown for a pull request", async () => {
    const { out } = await runCli(["check", dropColumn, ...cluster, ...policies, ...noon, "-o", "markdown"]);
    expect(out).toMatch(
      /^## Migration Gate\n\n2 objects, 1 finding: 1 denied, 0 warned\n\n### ❌ Job production\/mig\n/,
    );
  });

  it("with --since judges only what changed, and what is gone as deleted", async () => {
    const folder = mkdtempSync(join(tmpdir(), "since-"));
    const git = (...args: string[]) => execFileSync("git", ["-C", folder, ...args], { stdio: "pipe" });
    cpSync(join(root, "examples/cluster"), join(folder, "cluster"), { recursive: true });
    cpSync(addColumn, join(folder, "migration"), { recursive: true });
    git("init", "-q");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-qm", "one");
    const back = process.cwd();
    process.chdir(folder);
    try {
      const check = (...more: string[]) => runCli(["check", ".", "--since", "HEAD", ...policies, ...more]);
      expect(await check()).toMatchObject({ code: 0, out: "0 objects, 0 findings: 0 denied, 0 warned\n" });
      cpSync(join(dropColumn, "sql.yaml"), join(folder, "migration/sql.yaml"));
      expect((await check()).out).toContain("drop-column  ALTER TABLE users DROP COLUMN phone");
      rmSync(join(folder, "cluster/app-postgres.yaml"));
      expect((await check()).out).toContain("cluster-deleted  deletes the Cluster and its volumes");
      expect((await check("--since", "no-such-revision")).code).toBe(2);
    } finally {
      process.chdir(back);
      rmSync(folder, { recursive: true });
    }
  });

  it("takes a Flux repository of a few hundred files in one go", async () => {
    const repository = createFluxRepository(80);
    try {
      expect(repository.files).toBeGreaterThan(300);
      const { code, out, err } = await runCli(["check", repository.folder, ...policies, "-o", "json"]);
      expect({ code, err }).toEqual({ code: 1, err: "" });
      const report = JSON.parse(out);
      expect(validate(checkShape, report)).toEqual([]);
      const named = (kind: string) =>
        report.decisions.filter(({ object, decision }: Judged) => object.kind === kind && decision === "deny");
      expect(named("Deployment")).toEqual([]);
      expect(named("Job").length + named("CronJob").length).toBeGreaterThanOrEqual(corpusFiles().length - 6);
    } finally {
      repository.remove();
    }
  });
});

describe("digest and approve", () => {
  it("print and write the digest that the denial asked for", async () => {
    const value = await digestOf();
    const { out: denial } = await runCli(["check", dropColumn, ...cluster, ...policies, ...noon]);
    expect(denial).toContain(`migration-gate approve ${value}`);
    const { code, out } = await runCli(["approve", value, "--as", "alice"]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^approval\\.migration-gate\\.dev/alice: "${value}; at=[^"]+"\n$`));
  });
});

describe("inspect", () => {
  it("shows a run as a tree and as JSON, without judging it", async () => {
    const tree = await runCli(["inspect", dropColumn, ...cluster]);
    expect(tree).toMatchObject({ code: 0, err: "" });
    await expect(tree.out).toMatchFileSnapshot(join(root, "examples/drop-column/inspect.txt"));
    const { runs } = JSON.parse((await runCli(["inspect", dropColumn, ...cluster, "-o", "json"])).out);
    expect(runs[0].target).toMatchObject({
      database: "app",
      cluster: { namespace: "production", name: "app-postgres" },
    });
    expect(runs[0].steps[0]).toMatchObject({ tool: "psql", destructive: null, opaque: [] });
  });
});

describe("lint", () => {
  const lint = (sql: string, ...more: string[]) => runCli(["lint", "-", ...more], sql);

  it.for<readonly [string, string, readonly string[], number]>([
    ["nothing found", "ALTER TABLE t ADD COLUMN c int;", [], 0],
    ["a loss", "DROP TABLE t;", [], 1],
    ["only a hazard that was not asked for", "ALTER TABLE t RENAME COLUMN a TO b;", [], 0],
    ["a hazard that was asked for", "ALTER TABLE t RENAME COLUMN a TO b;", ["--fail-on", "compatibility"], 1],
    ["SQL that does not parse", "DROP TABEL t;", [], 2],
    ["SQL put together at run time", "DO $$ BEGIN EXECUTE x; END $$;", [], 1],
    ["MySQL", "DROP TABLE t;", ["--dialect", "mysql"], 1],
  ])("ends with the right code for %s", async ([, sql, more, code]) => {
    expect((await lint(sql, ...more)).code).toBe(code);
  });

  it("says place, effect and the safe way", async () => {
    const { files } = JSON.parse((await lint("SELECT 1;\n  DROP TABLE users;", "-o", "json")).out);
    expect(files).toMatchObject([
      { path: "-", dialect: "postgresql", statements: 2, opaque: [], errors: [], findings: [{ line: 2, column: 3 }] },
    ]);
    expect(Object.keys(files[0].findings[0])).toEqual([
      ...["rule", "hazard", "line", "column", "statement", "message", "instead"],
    ]);
  });
});

describe("the examples", () => {
  it.for(["drop-column", "add-column"])("%s is answered character for character", async (name) => {
    const { out } = await runCli(["check", join(root, "examples", name), ...cluster, ...policies, ...noon]);
    await expect(out).toMatchFileSnapshot(join(root, "examples", name, "answer.txt"));
  });
});

interface Judged {
  readonly object: { readonly kind: string };
  readonly decision: string;
}

async function digestOf(): Promise<string> {
  const { out }: Ran = await runCli(["digest", dropColumn, ...cluster, ...policies, "-o", "json"]);
  return JSON.parse(out).digests[0].digest;
}

/** The example with alice's approval written by `approve`'s own format. */
function approvedCopy(digest: string): string {
  const folder = mkdtempSync(join(tmpdir(), "approved-"));
  cpSync(dropColumn, folder, { recursive: true });
  const job = readFileSync(join(folder, "job.yaml"), "utf8");
  const annotation = `  annotations:\n    approval.migration-gate.dev/alice: ${digest}\n`;
  writeFileSync(join(folder, "job.yaml"), job.replace("  annotations:\n", annotation));
  return folder;
}

const text = { type: "string" };
const closed = (properties: Readonly<Record<string, unknown>>) => ({
  ...{ type: "object", required: Object.keys(properties), additionalProperties: false, properties },
});
const list = (items: unknown) => ({ type: "array", items });
const origin = closed({ object: text, key: text, path: text, line: { type: "integer" } });
const target = { anyOf: [{ type: "null" }, closed({ namespace: text, cluster: text, database: text })] };
const checkShape = closed({
  version: { const: 1 },
  decisions: list(
    closed({
      object: closed({ apiVersion: text, kind: text, namespace: text, name: text }),
      decision: { enum: ["allow", "warn", "deny"] },
      code: { type: "string", pattern: "^MG-[A-Z-]+$" },
      target,
      units: list(closed({ digest: { type: "string", pattern: "^sha256:[0-9a-f]{64}$" }, phase: text, origin })),
      findings: list(closed({ rule: text, hazard: text, statement: text, origin })),
      missing: list(closed({ evidence: text, reason: text, remedy: text, atSync: { type: "boolean" } })),
      message: text,
    }),
  ),
});

function validate(shape: object, value: unknown): readonly string[] {
  const ajv = new Ajv({ allErrors: true });
  return ajv.validate(shape, value) ? [] : (ajv.errors ?? []).map((e) => `${e.instancePath} ${e.message}`);
}
