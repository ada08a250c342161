import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseObjects } from "../src/adapters/files.ts";
import { createGate } from "../src/gate/review.ts";
import type { Decision } from "../src/model/decision.ts";
import { healthy } from "./gate/objects.ts";
import { create } from "./gate/requests.ts";
import { createAnalyzer, worldOf } from "./gate/world.ts";

/** A run that alice has approved: two files, a function, placeholders, an inline step beside it. */
const approved = `
apiVersion: v1
kind: ConfigMap
metadata: { name: mig-sql, namespace: production }
data:
  1-copy.sql: |
    SET search_path = app;
    UPDATE contacts SET phone = 'none' WHERE phone = 'n/a';
  2-drop.sql: |
    SET search_path = app;
    ALTER TABLE users DROP COLUMN phone;
    DELETE FROM users WHERE name = :'name';
    CREATE OR REPLACE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
      DELETE FROM notes WHERE state = 'old';
    END $$;
---
apiVersion: batch/v1
kind: Job
metadata:
  name: mig
  namespace: production
  labels: { app: shop }
  annotations:
    migration-gate.dev/rollback-window: 24h
    migration-gate.dev/rollback-owner: team-users
spec:
  backoffLimit: 0
  suspend: false
  template:
    metadata: { labels: { app: shop } }
    spec:
      restartPolicy: Never
      containers:
        - name: m
          image: ghcr.io/cloudnative-pg/postgresql:17.12
          command: [psql, -v, ON_ERROR_STOP=1, -v, name=Ann]
          args: [-f, /sql/1-copy.sql, -f, /sql/2-drop.sql]
          env:
            - { name: PGHOST, value: app-postgres-rw }
            - { name: PGDATABASE, value: app }
            - { name: PGUSER, valueFrom: { secretKeyRef: { name: app-postgres-app, key: username } } }
            - { name: PGPASSWORD, valueFrom: { secretKeyRef: { name: app-postgres-app, key: password } } }
            - { name: LOG_LEVEL, value: info }
          volumeMounts: [{ name: sql, mountPath: /sql }]
      volumes: [{ name: sql, configMap: { name: mig-sql } }]
`;

interface Edit {
  readonly name: string;
  readonly find: string | RegExp;
  readonly replace: string;
  readonly voids: boolean;
  readonly because: string;
}

function voids(name: string, find: string | RegExp, replace: string, because: string): Edit {
  return { name, find, replace, voids: true, because };
}

function keeps(name: string, find: string | RegExp, replace: string, because: string): Edit {
  return { name, find, replace, voids: false, because };
}

const edits: readonly Edit[] = [
  keeps("a comment is added", "COLUMN phone;", "COLUMN phone; -- nobody reads it", "comments run nothing"),
  keeps("white space and line breaks", "users DROP COLUMN", "users\n      DROP   COLUMN", "the scanner drops them"),
  keeps("keywords in small letters", "ALTER TABLE users DROP", "alter table users drop", "keywords have no case"),
  keeps("white space in a function's body", "BEGIN\n      DELETE", "BEGIN\n\n        DELETE", "a body is read as SQL"),
  keeps("a comment in a function's body", "BEGIN\n", "BEGIN -- once a month\n", "a body is read as SQL"),
  keeps("an image tag of a known client", ":17.12", ":17.13", "it reads the same SQL the same way"),
  keeps("resources", "name: m\n", "name: m\n          resources: { limits: { memory: 1Gi } }\n", "they run nothing"),
  keeps("labels", "labels: { app: shop }", "labels: { app: shop, team: users }", "they run nothing"),
  keeps("retries of the Pod", "backoffLimit: 0", "backoffLimit: 4", "the same SQL again is the same consent"),
  keeps("created suspended", "suspend: false", "suspend: true", "it is judged again when it is resumed"),
  keeps("an unrelated variable", "LOG_LEVEL, value: info", "LOG_LEVEL, value: debug", "psql does not read it"),
  keeps("the ConfigMap with a hash suffix", /mig-sql/g, "mig-sql-5f7d9c", "the content is approved, not its name"),
  keeps("files renamed in the same order", /([12])-(copy|drop)/g, "0$1-$2", "the order they run in is the same"),
  keeps("the mount moved", /\/sql(?=[/ ])/g, "/migrations", "the same text is read from it"),
  keeps("the host by its full name", "app-postgres-rw }", "app-postgres-rw.production.svc }", "the same Cluster"),
  keeps("another role's Secret", /key: password/g, "key: pgpass", "Secrets are named, their values never enter"),
  keeps("the Job renamed", "name: mig\n", "name: mig-0042\n", "the SQL is approved, not the Job"),
  keeps("-f attached to its file", "-f, /sql/1-copy", "-f/sql/1-copy", "the same option"),
  voids("a literal changed", "'old'", "'new'", "other rows go"),
  voids("a literal in another case", "'n/a'", "'N/A'", "literals count letter by letter"),
  voids("a literal in a function's body", "state = 'old'", "state = 'open'", "other rows go when it is called"),
  voids("a wider condition", "phone = 'n/a'", "phone = 'n/a' OR true", "every row is hit"),
  voids("a statement added", "COLUMN phone;", "COLUMN phone; DROP TABLE logs;", "nobody consented to it"),
  voids(
    "statements in another order",
    /(ALTER TABLE users DROP COLUMN phone;)\n( +)(DELETE[^;]+;)/,
    "$3\n$2$1",
    "what runs first decides what is lost",
  ),
  voids("CASCADE", "COLUMN phone;", "COLUMN phone CASCADE;", "takes what depends on it"),
  voids("another column", "COLUMN phone;", "COLUMN email;", "another thing is lost"),
  voids(
    "a name put in quotes",
    "COLUMN phone;",
    'COLUMN "phone";',
    "tokens are compared as written: rather ask once more",
  ),
  voids("a name in quotes that means another", "COLUMN phone;", 'COLUMN "Phone";', "quoted names keep their case"),
  voids("another schema", "TABLE users", "TABLE archive.users", "another table"),
  voids("another search_path", /search_path = app/g, "search_path = archive", "other tables under the same names"),
  voids("SET ROLE before it", "SET search_path", "SET ROLE postgres; SET search_path", "other rights"),
  voids("another placeholder value", "name=Ann", "name=Bob", "other rows go"),
  voids("ON_ERROR_STOP dropped", "-v, ON_ERROR_STOP=1, ", "", "it would go on after an error"),
  voids("one transaction around it", "[psql,", '[psql, "-1",', "what is kept after an error is another thing"),
  voids(
    "the files in another order",
    "-f, /sql/1-copy.sql, -f, /sql/2-drop.sql",
    "-f, /sql/2-drop.sql, -f, /sql/1-copy.sql",
    "what runs first decides what is lost",
  ),
  voids("a file left out before it", "-f, /sql/1-copy.sql, ", "", "the drop was approved after the copy"),
  voids("another database", "PGDATABASE, value: app", "PGDATABASE, value: billing", "other data"),
  voids("another Cluster", "app-postgres-rw", "billing-rw", "other data"),
  voids("an unknown image", "ghcr.io/cloudnative-pg/postgresql", "ghcr.io/mallory/psql", "it may run anything"),
  voids("a start-up file", "LOG_LEVEL, value: info", "PSQLRC, value: /sql/rc", "it runs before what was read"),
  voids("PGOPTIONS with a role", "LOG_LEVEL, value: info", "PGOPTIONS, value: -c role=postgres", "other rights"),
  voids(
    "a container beside it",
    "containers:\n",
    "containers:\n        - { name: x, image: evil, command: [x], env: [{ name: PGHOST, value: app-postgres-rw }] }\n",
    "it reaches the same database",
  ),
  voids(
    "the drop moved from the file to -c",
    "-f, /sql/2-drop.sql",
    "-c, ALTER TABLE users DROP COLUMN phone",
    "another text: the file's other statements are gone",
  ),
];

const analyzer = createAnalyzer();
afterAll(() => analyzer.close());

async function judge(manifests: string, annotations: Readonly<Record<string, string>>): Promise<Decision> {
  const objects = parseObjects("run.yaml", manifests).map(({ object }) => object);
  const job = objects.find(({ kind }) => kind === "Job");
  if (job === undefined) throw new Error("the manifests hold no Job");
  const all = { ...job.metadata.annotations, ...annotations };
  const request = create({ ...job, metadata: { ...job.metadata, annotations: all } });
  const billing = healthy.flatMap((object) =>
    object.kind === "Cluster" ? [{ ...object, metadata: { ...object.metadata, name: "billing", uid: "other" } }] : [],
  );
  const gate = createGate(worldOf([...healthy, ...billing, ...objects], { analyzer }));
  return await gate.judge({ request, failOpen: false }, AbortSignal.timeout(30_000));
}

describe("an approval of a run", () => {
  let approval: Readonly<Record<string, string>> = {};
  beforeAll(async () => {
    const { units } = await judge(approved, {});
    const digests = units.filter(({ findings }) => findings.length > 0).map(({ digest }) => digest);
    expect(digests).toHaveLength(2);
    approval = { "approval.migration-gate.dev/alice": digests.join(",") };
  });

  it("is needed, and enough with the backup and the plan", async () => {
    expect((await judge(approved, {})).code).toBe("MG-DENIED");
    expect((await judge(approved, approval)).decision).not.toBe("deny");
  });

  it.each(edits)("$name: voids $voids", async ({ find, replace, voids: isVoid }) => {
    const edited = approved.replace(find, replace);
    expect(edited).not.toBe(approved);
    const { decision, blocking } = await judge(edited, approval);
    const evidence = blocking.map((missing) => missing.evidence);
    expect({ decision: decision === "deny", approval: evidence.includes("approval") }).toEqual({
      decision: isVoid,
      approval: isVoid,
    });
  });

  it("is documented edit by edit", async () => {
    expect(edits.length).toBeGreaterThanOrEqual(40);
    const rows = edits.map(
      ({ name, voids: isVoid, because }) => `| ${name} | ${isVoid ? "**yes**" : "no"} | ${because} |`,
    );
    const page = [
      "# What voids an approval",
      "",
      intro,
      "",
      "| edit | voids it | why |",
      "| --- | --- | --- |",
      ...rows,
    ];
    await expect(`${page.join("\n")}\n`).toMatchFileSnapshot("../docs/approval-edits.md");
  });
});

const intro = [
  "An approval is consent to exactly this SQL on exactly this database. Each edit below is made by a test to an approved",
  "run of two SQL files, and the gate decides anew. Printed by `test/approval-edits.test.ts`; do not edit by hand.",
].join("\n");
