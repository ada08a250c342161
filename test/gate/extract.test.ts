import { describe, expect, it } from "vitest";
import type { Run } from "../../src/model/run.ts";
import { readCorpus, runsOf } from "../corpus/corpus.ts";

/** Files whose SQL Flyway reads from a mounted folder: not read yet, so they are honestly opaque. */
const toolFolders = new Set(["02", "04"]);
/** Carriers that are no Pods: their readers are issue 6 (47, 49) and the cluster changes (50). */
const otherCarriers = new Set(["47", "49", "50"]);
/** An own image of a tool (13): its SQL is read, and opaque all the same, for nobody vouches for the image. */
const ownImage = new Set(["13"]);
/** What is opaque in them is the SQL itself, which only the analysis sees. */
const dynamicSql = new Set(["34"]);

/** How line 1 writes a call, and what it must be in a step. Harmless calls (dbmate status, collectstatic) make none. */
const toolsAsWritten: Readonly<Record<string, string>> = {
  "flyway migrate": "flyway migrate",
  "migrate up": "golang-migrate up",
  "dbmate up": "dbmate up",
  "goose up": "goose up",
  "goose up (via go run)": "goose up",
  "liquibase rollbackCount 3": "liquibase rollbackCount",
  "liquibase update (args only)": "liquibase update",
  "prisma db push --accept-data-loss": "prisma db push --accept-data-loss",
  "prisma migrate deploy": "prisma migrate deploy",
  "alembic upgrade head": "alembic upgrade",
  "django migrate --noinput": "django migrate",
  "rails db:reset": "rails db:reset",
  "typeorm migration:run": "typeorm migration:run",
  "node dist/scripts/redis-rebuild.js (custom)": "program",
  "artisan migrate --force": "laravel migrate",
  "pg_restore --clean --if-exists": "pg-restore",
  "spring-boot flyway (env: validate off, repair on failure)": "spring-boot start",
};
const harmlessAsWritten = new Set(["dbmate status", "django collectstatic --noinput"]);

const corpus = readCorpus();

describe("the corpus of migration Jobs", () => {
  const podFiles = corpus.filter(({ name }) => !otherCarriers.has(name.slice(0, 2)));

  it.each(podFiles)("$name is a run", async ({ objects }) => {
    const runs = await runsOf(objects);
    expect(runs.map(({ reaches }) => reaches)).toEqual([true]);
  });

  it.each(podFiles.filter(({ name }) => !toolFolders.has(name.slice(0, 2))))(
    "$name: every SQL text of line 1 is found",
    async ({ objects, expect: line1 }) => {
      const texts = sqlOf(await runsOf(objects)).map(squeezed);
      const whole = line1.sql.filter((sql) => !sql.includes("..."));
      expect(whole.filter((sql) => !texts.some((text) => text.includes(squeezed(sql))))).toEqual([]);
      expect(texts.length > 0).toBe(line1.sql.length > 0);
    },
  );

  it.each(podFiles)("$name: every tool of line 1 is recognised, and no other", async ({ objects, expect: line1 }) => {
    const wanted = line1.tools.filter((tool) => !harmlessAsWritten.has(tool)).map((tool) => toolsAsWritten[tool]);
    const found = (await stepsOf(objects)).filter(({ tool }) => tool !== "psql");
    const names = found.map((step) =>
      step.tool === null ? "program" : [step.tool, step.subcommand ?? ""].join(" ").trim(),
    );
    const programs = wanted.includes("program") ? names : names.filter((name) => name !== "program");
    expect(programs).toEqual(wanted);
  });

  it.each(podFiles.filter(({ name }) => !dynamicSql.has(name.slice(0, 2))))(
    "$name is opaque just where line 1 says so, or its tool's folder is not read yet",
    async ({ name, objects, expect: line1 }) => {
      const kinds = (await stepsOf(objects)).flatMap((step) => step.opaque.map(({ kind }) => kind));
      if (toolFolders.has(name.slice(0, 2))) expect(kinds).toContain("forward-command");
      else if (ownImage.has(name.slice(0, 2))) expect(kinds).toEqual(["untrusted"]);
      else expect(kinds.length > 0).toBe(line1.opaque.length > 0);
    },
  );

  it.each([
    ["16-liquibase-rollback-count", "destructive-command", "liquibase rollbackCount"],
    ["19-prisma-db-push-data-loss", "destructive-command", "prisma db push --accept-data-loss"],
    ["25-rails-db-reset-presync", "destructive-command", "rails db:reset"],
    ["40-pg-restore-clean-s3-cnpg", "destructive-command", "pg_restore --clean"],
    ["44-spring-flyway-env-repair", "history-command", "SPRING_FLYWAY_REPAIR_ON_VALIDATE_FAILURE=true"],
  ])("%s is a %s: %s", async (name, rule, subject) => {
    const steps = await stepsOf(corpus.find((file) => file.name === name)?.objects ?? []);
    expect(steps.flatMap((step) => step.commands)).toContainEqual(expect.objectContaining({ rule, subject }));
  });

  it("no tool calls itself destructive where line 1 says it is not", async () => {
    const tame = podFiles.filter(({ expect: line1 }) => line1.destructive === false);
    const steps = (await Promise.all(tame.map(({ objects }) => stepsOf(objects)))).flat();
    expect(steps.filter(({ destructive }) => destructive === true)).toEqual([]);
  });

  it("carriers that are no Pods are left to their own readers", async () => {
    const others = corpus.filter(({ name }) => otherCarriers.has(name.slice(0, 2)));
    expect(await Promise.all(others.map(({ objects }) => runsOf(objects)))).toEqual([[], [], []]);
  });
});

describe("origins", () => {
  it("of a mounted file are the ConfigMap, its key and line 1", async () => {
    expect((await textsOf("01"))[0]?.origin).toEqual({
      object: "ConfigMap shop/notes-schema",
      key: "schema.sql",
      line: 1,
    });
  });

  it("of a here-document are the Job, the field and the line in its text", async () => {
    expect((await textsOf("34")).map(({ origin }) => origin)).toEqual([
      { object: "Job default/shop-db-principals", key: "spec.template.spec.containers[migrate].args[0]", line: 5 },
      { object: "Job default/shop-db-principals", key: "spec.template.spec.containers[migrate].args[0]", line: 12 },
    ]);
  });

  it("of a mounted file keep the order in which the loop runs them", async () => {
    expect((await textsOf("31")).map(({ origin }) => origin.key)).toEqual(["0001_job.sql", "0002_st.sql"]);
  });
});

async function textsOf(number: string) {
  const file = corpus.find(({ name }) => name.startsWith(number));
  return (await stepsOf(file?.objects ?? [])).flatMap(({ sql }) => sql);
}

async function stepsOf(objects: Parameters<typeof runsOf>[0]) {
  return (await runsOf(objects)).flatMap(({ steps }) => steps);
}

function sqlOf(runs: readonly Run[]): readonly string[] {
  return runs.flatMap(({ steps }) => steps.flatMap(({ sql }) => sql.map(({ text }) => text)));
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
