import { afterAll, describe, expect, it } from "vitest";
import { createFilesReader, parseObjects } from "../src/adapters/files.ts";
import { loadPolicies } from "../src/adapters/policy-files.ts";
import { createPreviews } from "../src/adapters/previews.ts";
import { createSqlWorkers } from "../src/adapters/sql-workers.ts";
import { requestsOf } from "../src/commands/requests.ts";
import { readConfig } from "../src/config.ts";
import { createGate } from "../src/gate/review.ts";
import { readPolicy } from "../src/policy.ts";

const manifests = `
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: app-postgres, namespace: production }
spec: { instances: 3, storage: { size: 1Gi }, bootstrap: { initdb: { database: app, owner: app } } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: mig-sql, namespace: production }
data:
  up.sql: |
    SET search_path = app;
    ALTER TABLE users DROP COLUMN phone;
    DELETE FROM users WHERE name = 'Ann';
    DO $$ BEGIN DROP TABLE notes; END $$;
---
apiVersion: batch/v1
kind: Job
metadata:
  name: mig
  namespace: production
  annotations: { team: shop }
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: m
          image: ghcr.io/cloudnative-pg/postgresql:17.12
          command: [psql, -v, ON_ERROR_STOP=1, -f, /sql/up.sql]
          env:
            - { name: PGHOST, value: app-postgres-rw }
            - { name: PGDATABASE, value: app }
            - { name: PGUSER, valueFrom: { secretKeyRef: { name: app-postgres-app, key: username } } }
            - { name: PGPASSWORD, valueFrom: { secretKeyRef: { name: app-postgres-app, key: password } } }
          volumeMounts: [{ name: sql, mountPath: /sql }]
      volumes: [{ name: sql, configMap: { name: mig-sql } }]
---
apiVersion: batch/v1
kind: Job
metadata: { name: program, namespace: production }
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: p
          image: ghcr.io/acme/migrate:1.4.0
          command: [/app/migrate, up]
          env:
            - { name: DATABASE_URL, valueFrom: { secretKeyRef: { name: app-postgres-app, key: uri } } }
            - { name: FLAVOUR, value: full }
`;

const { policies } = await loadPolicies("policies", readPolicy);
const analyzer = createSqlWorkers({ threads: 1, deadlineMs: 30_000, cacheBytes: 1024 * 1024 });
afterAll(() => analyzer.close());

/** Digests of everything in the manifests that somebody must approve, by the real gate. */
async function digestsOf(text: string): Promise<readonly string[]> {
  const objects = parseObjects("manifests.yaml", text);
  const config = await readConfig(["--self-signed"]);
  const gate = createGate({
    reader: await createFilesReader([], { extra: objects }),
    analyzer,
    previews: createPreviews(),
    clock: { now: () => new Date("2026-11-24T09:00:00Z") },
    policies: () => policies,
    settings: config,
    offline: true,
  });
  const digests = new Set<string>();
  for (const { request } of requestsOf(objects, null)) {
    const { units } = await gate.judge({ request, failOpen: false }, AbortSignal.timeout(30_000));
    for (const unit of units) if (unit.findings.length > 0) digests.add(unit.digest);
  }
  return [...digests].toSorted();
}

type Edit = readonly [string, string | RegExp, string];

const voids: readonly Edit[] = [
  ["another column", "COLUMN phone", "COLUMN email"],
  ["another table", "ALTER TABLE users", "ALTER TABLE clients"],
  ["another schema by name", "ALTER TABLE users", "ALTER TABLE other.users"],
  ["CASCADE", "COLUMN phone;", "COLUMN phone CASCADE;"],
  ["IF EXISTS", "COLUMN phone", "COLUMN IF EXISTS phone"],
  ["another value in a condition", "'Ann'", "'Bob'"],
  ["another case in a literal", "'Ann'", "'ann'"],
  ["a wider condition", "'Ann'", "'Ann' OR true"],
  ["a quoted name", "COLUMN phone", 'COLUMN "Phone"'],
  ["a statement more", "COLUMN phone;", "COLUMN phone; TRUNCATE users;"],
  ["a statement less", "    DELETE FROM users WHERE name = 'Ann';\n", ""],
  ["statements in another order", /(ALTER TABLE users DROP COLUMN phone;)\n( +)(DELETE.*)/, "$3\n$2$1"],
  ["another search_path", "search_path = app", "search_path = public"],
  ["a role set before", "SET search_path", "SET ROLE postgres; SET search_path"],
  ["other SQL inside a DO body", "DROP TABLE notes", "DROP TABLE users"],
  ["a comment made a statement", "COLUMN phone;", "COLUMN phone; DROP TABLE logs; -- gone"],
  ["another database", "name: PGDATABASE, value: app", "name: PGDATABASE, value: other"],
  ["another Cluster by host", "value: app-postgres-rw", "value: app-postgres-rw.staging"],
  ["an external server", "value: app-postgres-rw", "value: db.example.com"],
  ["errors no longer stop the run", "-v, ON_ERROR_STOP=1, -f", "-f"],
  ["a transaction around it", "[psql, -v", '[psql, "-1", -v'],
  ["an image nobody knows", "ghcr.io/cloudnative-pg/postgresql:17.12", "ghcr.io/mallory/postgresql:17.12"],
  [
    "psql bent by its start-up file",
    "- { name: PGDATABASE",
    "- { name: PSQLRC, value: /sql/rc }\n            - { name: PGDATABASE",
  ],
  ["another tag of an opaque image", "migrate:1.4.0", "migrate:1.5.0"],
  ["the opaque image by digest", "migrate:1.4.0", `migrate@sha256:${"a".repeat(64)}`],
  ["another argument of an opaque program", "[/app/migrate, up]", "[/app/migrate, down]"],
  ["another variable of an opaque program", "value: full", "value: less"],
  [
    "another Secret for an opaque program",
    "name: app-postgres-app, key: uri",
    "name: app-postgres-superuser, key: uri",
  ],
];

const keeps: readonly Edit[] = [
  ["a comment", "COLUMN phone;", "COLUMN phone; -- nobody reads it"],
  ["a block comment", "COLUMN phone", "COLUMN /* old */ phone"],
  ["white space and lines", "ALTER TABLE users DROP", "ALTER  TABLE users\n      DROP"],
  ["a comment inside a DO body", "BEGIN DROP", "BEGIN /* old */ DROP"],
  ["keywords in small letters", "ALTER TABLE users DROP COLUMN", "alter table users drop column"],
  ["another ConfigMap name, as a hash suffix gives", /mig-sql/g, "mig-sql-7f9c2b"],
  ["another file name", /up\.sql/g, "V42__drop_phone.sql"],
  ["another name of the Job", "name: mig\n", "name: mig-42\n"],
  ["a newer tag of a known client", "postgresql:17.12", "postgresql:17.13"],
  ["an annotation", "team: shop", "team: shop, ticket: OPS-1"],
  ["a time to live", "backoffLimit: 0", "backoffLimit: 0\n  ttlSecondsAfterFinished: 600"],
  ["more tries", "backoffLimit: 0", "backoffLimit: 6"],
  ["resources", "name: m\n", "name: m\n          resources: { limits: { memory: 1Gi } }\n"],
  [
    "another object beside it",
    "---\napiVersion: v1",
    "---\napiVersion: v1\nkind: ConfigMap\nmetadata: { name: other, namespace: production }\ndata: { a: b }\n---\napiVersion: v1",
  ],
];

const before = await digestsOf(manifests);
const known = new Set(before);

async function edited([, find, replacement]: Edit): Promise<readonly string[]> {
  const text = manifests.replace(find, replacement);
  expect(text).not.toBe(manifests);
  return await digestsOf(text);
}

it("there is something to approve: the SQL, and the opaque program", () => {
  expect(before).toHaveLength(2);
});

describe("an edit that voids the approval", () => {
  it.each(voids)("%s", async (...edit) => {
    const after = await edited(edit);
    const standing = after.filter((digest) => known.has(digest));
    expect(standing).toHaveLength(after.length - 1);
  });
});

describe("an edit that leaves the approval standing", () => {
  it.each(keeps)("%s", async (...edit) => {
    expect(await edited(edit)).toEqual(before);
  });
});
