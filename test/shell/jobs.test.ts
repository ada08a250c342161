import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseAllDocuments } from "yaml";
import type { Word } from "../../src/model/run.ts";
import { interpretCommand } from "../../src/shell/interpret.ts";
import { lines, mounted } from "./reading.ts";

interface Key {
  readonly name: string;
  readonly key: string;
}

interface Container {
  readonly name: string;
  readonly command?: readonly string[];
  readonly args?: readonly string[];
  readonly workingDir?: string;
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: { readonly secretKeyRef?: Key; readonly configMapKeyRef?: Key };
  }[];
  readonly volumeMounts?: readonly { readonly name: string; readonly mountPath: string; readonly subPath?: string }[];
}

interface PodSpec {
  readonly initContainers?: readonly Container[];
  readonly containers: readonly Container[];
  readonly volumes?: readonly { readonly name: string; readonly configMap?: { readonly name: string } }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Readonly<Record<string, string>>;
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

const folder = new URL("../corpus/", import.meta.url);
const psqlLine = (rest: string): string => `psql -h rb-supabase-db ${rest}`;
const unset = (name: string): string => `[<$${name} is not set in the manifest, the image may set it>]`;
const reset = "psql -h postgres-service -U";

/** Job shapes seen in public repositories, and every command their containers run (beside those that only wait). */
const expected: Readonly<Record<string, readonly string[]>> = {
  "01": ["psql [<Secret pg-notes-app uri>] -v ON_ERROR_STOP=1 -f /sql/schema.sql"],
  "02": [],
  "04": ["flyway migrate"],
  "07": ["migrate -path /migrations -database postgres://user:pw@postgres:5432/db?sslmode=disable up"],
  "08": [
    "sed s/../%&/g << ? output of od",
    "migrate -path=/migrations -database [postgres://<output of sed>:x@pg-rw.data:5432/spaces?sslmode=require] up",
  ],
  "10": [
    "psql [postgres://postgres:<Secret viewer-secret password>@postgresql:5432/climate?sslmode=disable] -c [CREATE EXTENSION IF NOT EXISTS postgis;]",
    `psql [postgres://postgres:<Secret viewer-secret password>@postgresql:5432/climate?sslmode=disable] << [DO $$
DECLARE t record;
BEGIN
  FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
    EXECUTE format('ALTER TABLE %I OWNER TO %I', t.tablename, 'climate_user');
  END LOOP;
END $$;
]`,
    "dbmate status",
    "dbmate status",
    "dbmate up",
  ],
  "11": ["dbmate up"],
  "13": ["goose up"],
  "14": [`go run github.com/pressly/goose/v3/cmd/goose@latest -dir /app/migrations postgres ${unset("DB_DSN")} up`],
  "16": [
    "liquibase --url=jdbc:postgresql://db.example:5432/demo_db --username=demo_user [--password=<Secret demo pass>] --searchPath=/liquibase --changeLogFile=db.changelog-master.xml rollbackCount 3",
  ],
  "19": ["npx prisma db push --accept-data-loss"],
  "20": ["npx prisma migrate deploy", `psql ${unset("PLATFORM_URL")} -f prisma/migrations/001_enable_rls.sql`],
  "22": ["alembic upgrade head"],
  "23": ["python manage.py migrate --noinput", "python manage.py collectstatic --noinput"],
  "25": [
    "psql -h postgres-svc -U [<Secret pg-credentials DB_USER>] -c [SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'tutor_production' AND pid <> pg_backend_pid();] template1",
    "bundle exec rails db:reset",
    '! untrusted 1: Secret pg-credentials DB_USER is pasted into the script before the shell reads it: use "$NAME" in place of $(NAME)',
    '! untrusted 1: Secret pg-credentials DB_PASS is pasted into the script before the shell reads it: use "$NAME" in place of $(NAME)',
  ],
  "26": [
    "node ./node_modules/typeorm/cli.js migration:run -d dist/database/data-source.js",
    "node dist/scripts/redis-rebuild.js",
  ],
  "29": ["php artisan migrate --force"],
  "31": [
    `psql ${unset("DATABASE_URL")} -v ON_ERROR_STOP=1 -f /migrations/0001_job.sql`,
    `psql ${unset("DATABASE_URL")} -v ON_ERROR_STOP=1 -f /migrations/0002_st.sql`,
  ],
  "32": ["000_schema.sql", "002_fts.sql"].map(
    (file) =>
      `psql [postgresql://<Secret pg-credentials POSTGRES_USER>@postgres-rw.observ.svc.cluster.local:5432/<Secret pg-credentials POSTGRES_DB>?sslmode=prefer] -v ON_ERROR_STOP=1 -f /migrations/${file}`,
  ),
  "34": [
    `psql -v ON_ERROR_STOP=1 -v [role=<Secret runtime cart-user>] -v schema=cart_svc << [SELECT format('CREATE ROLE %I LOGIN', :'role')
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = :'role') \\gexec
SELECT format('CREATE SCHEMA IF NOT EXISTS %I AUTHORIZATION %I', :'schema', :'role') \\gexec
]`,
    "psql -v ON_ERROR_STOP=1 << [CREATE TABLE IF NOT EXISTS cart_svc.cart (user_id text PRIMARY KEY);\n]",
  ],
  "35": ["os_service", "billing_service"].flatMap((database) => [
    `psql -tAc [SELECT 1 FROM pg_database WHERE datname = '${database}']`,
    `psql -c [CREATE DATABASE "${database}"]`,
  ]),
  "37": [
    "psql -h notes-pg -U notes -d notes -c [\nCREATE EXTENSION IF NOT EXISTS vector;\n-- notes table\nCREATE TABLE IF NOT EXISTS note (id serial PRIMARY KEY);\n]",
  ],
  "38": [
    "psql [host=<Secret db-secret RDS_ENDPOINT> dbname=guestbook user=postgres] << [CREATE TABLE guest (id int);]",
  ],
  "40": [
    "apk add --no-cache aws-cli",
    `aws s3 cp [s3://${unset("S3_BUCKET").slice(1, -1)}/${unset("S3_BACKUP_PATH").slice(1, -1)}] /tmp/restore/restore.dump`,
    `pg_restore -h postgresql-rw.postgresql.svc.cluster.local -U ${unset("POSTGRES_USER")} -d [<ConfigMap autolog-config>] --verbose --clean --if-exists --no-owner /tmp/restore/restore.dump`,
  ],
  "41": [
    "gunzip -c []",
    `${reset} ${unset("DB_USER")} -d [<ConfigMap edu-config>] -c [
  DO $$ DECLARE r RECORD;
  BEGIN
    FOR r IN (SELECT tablename FROM pg_tables WHERE schemaname = 'public') LOOP
      EXECUTE 'DROP TABLE IF EXISTS ' || quote_ident(r.tablename) || ' CASCADE';
    END LOOP;
  END $$;
] << ? output of gunzip`,
    "gunzip -c []",
    `${reset} ${unset("DB_USER")} -d [<ConfigMap edu-config>] << ? output of gunzip`,
  ],
  "43": [
    "cp -r [<the files matching /opt/assets/supabase/* (/opt/assets/supabase is in the image)>] /assets/",
    psqlLine(
      "-p 5432 -U postgres -d postgres -c [\n  CREATE TABLE IF NOT EXISTS schema_migrations (version varchar(255) PRIMARY KEY);]",
    ),
    psqlLine("-d postgres -t -c [SELECT 1 FROM schema_migrations WHERE version = '<output of basename>';]"),
    psqlLine("-d postgres -f [<the files matching /assets/migrations/*.sql (/assets/migrations is in the image)>]"),
    psqlLine("-d postgres -c [INSERT INTO schema_migrations (version) VALUES ('<output of basename>');]"),
  ],
  "44": ["java -Dspring.main.web-application-type=none -Dspring.flyway.enabled=true -jar /app/app.jar"],
  "46": [
    `psql -v ON_ERROR_STOP=1 -h postgres-service -p 5432 -U ${unset("POSTGRES_USER")} -d postgres -f /scripts/reset.sql`,
  ],
};

/** Three set no command of their own, and three are no Pods: there is no shell to read in them. */
const withoutCommand = ["05", "17", "28", "47", "49", "50"];
const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));

test("every Job with a command is in the table", () => {
  const numbers = files.map((file) => file.slice(0, 2));
  expect([...Object.keys(expected), ...withoutCommand].toSorted()).toEqual(numbers.toSorted());
});

test.each(files.filter((file) => !withoutCommand.includes(file.slice(0, 2))))("%s", (file) => {
  const manifests = parseAllDocuments(readFileSync(new URL(file, folder), "utf8")).map((each): Manifest => each.toJS());
  const waits = ["pg_isready", "sleep"];
  const found = manifests.flatMap((manifest) => (manifest.kind === "Job" ? commandsOf(manifest, manifests) : []));
  expect(found.filter((line) => !waits.includes(line.split(" ")[0] ?? ""))).toEqual(expected[file.slice(0, 2)]);
});

function commandsOf(job: Manifest, manifests: readonly Manifest[]): string[] {
  const pod = job.spec.template.spec;
  return [...(pod.initContainers ?? []), ...pod.containers].flatMap((container) => {
    if (container.command === undefined) return [];
    const env = environmentOf(container, manifests);
    const argv = [...container.command, ...(container.args ?? [])].map((word) => expanded(String(word), env));
    const reading = interpretCommand(argv, {
      env,
      files: mounted(filesOf(container, pod, manifests)),
      positional: [],
      origin: { object: "Job", key: container.name, line: 1 },
      workingDir: container.workingDir ?? "/",
      depth: 0,
    });
    return lines(reading);
  });
}

function environmentOf(container: Container, manifests: readonly Manifest[]): Map<string, Word> {
  const env = new Map<string, Word>();
  for (const { name, value, valueFrom } of container.env ?? []) {
    const secret = valueFrom?.secretKeyRef;
    const map = valueFrom?.configMapKeyRef;
    if (value !== undefined) env.set(name, expanded(value, env));
    if (secret !== undefined) env.set(name, [{ unknown: `Secret ${secret.name} ${secret.key}` }]);
    if (map !== undefined)
      env.set(name, [dataOf(manifests, map.name)?.[map.key] ?? { unknown: `ConfigMap ${map.name}` }]);
  }
  return env;
}

function filesOf(container: Container, pod: PodSpec, manifests: readonly Manifest[]): Record<string, string> {
  const entries = (container.volumeMounts ?? []).flatMap(({ name, mountPath, subPath }) => {
    const map = pod.volumes?.find((volume) => volume.name === name)?.configMap?.name;
    const keys = Object.entries(dataOf(manifests, map) ?? {});
    if (subPath === undefined) return keys.map(([key, text]): [string, string] => [`${mountPath}/${key}`, text]);
    return keys.filter(([key]) => key === subPath).map(([, text]): [string, string] => [mountPath, text]);
  });
  return Object.fromEntries(entries);
}

function dataOf(manifests: readonly Manifest[], name: string | undefined): Manifest["data"] {
  return manifests.find((manifest) => manifest.kind === "ConfigMap" && manifest.metadata.name === name)?.data;
}

/** Kubernetes' own expansion of `$(NAME)` and `$$`. */
function expanded(text: string, env: ReadonlyMap<string, Word>): Word {
  const pieces = text.split(/(\$\$|\$\([A-Za-z_]\w*\))/).flatMap((piece): Word => {
    if (piece === "$$") return ["$"];
    return (piece.startsWith("$(") && env.get(piece.slice(2, -1))) || [piece];
  });
  return pieces.filter((piece) => piece !== "");
}
