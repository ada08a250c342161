import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { readConfig } from "../src/config.ts";
import { serve } from "../src/main.ts";

/**
 * The main job of Migration Gate, start to end: the real server over HTTPS with a throw-away certificate, a folder of
 * YAML in place of a cluster, and AdmissionReviews as a real API server sent them. `npm run demo`.
 */
const here = import.meta.dirname;
const cluster = await mkdtemp(join(tmpdir(), "migration-gate-demo-"));
await cp(join(here, "cluster"), cluster, { recursive: true });
const running = await serve(
  await readConfig(["--cluster", cluster, "--policies", join(here, "../policies"), "--self-signed", "--port", "0"], {
    GATE_HOST: "127.0.0.1",
    GATE_LOG_LEVEL: "silent",
  }),
);
let surprises = 0;
let steps = 0;

try {
  say(`Migration Gate is up on https://127.0.0.1:${running.port}, in front of a database cluster
called app-postgres in the namespace production. Everything below is a real answer of the real
server to requests that Kubernetes sends when someone deploys.`);

  step("A developer deploys a migration that drops a column of the table users.");
  await useSql("drop-column");
  const migration = await readReview("create-drop-column-job");
  const denied = await expectAnswer("denied", migration);

  step("A DBA, alice, reads the SQL and approves exactly this: she commits the digest from the denial.");
  const digest = /sha256:[0-9a-f]{64}/.exec(denied)?.[0] ?? "";
  annotate(migration, "approval.migration-gate.dev/alice", `${digest}; ref=OPS-42`);
  say(`    annotations:\n      approval.migration-gate.dev/alice: ${digest.slice(0, 19)}…; ref=OPS-42`);
  await useBackup(180);
  await expectAnswer("denied", migration);

  step("Only a backup is missing: the last one is three hours old. Someone takes a fresh one.");
  await useBackup(5);
  await expectAnswer("allowed", migration);

  step("Had someone changed the SQL after the approval, it would be worth nothing:");
  await useSql("drop-column", (sql) => sql.replace("phone", "email"));
  await expectAnswer("denied", migration);

  step("Somebody deletes the database itself.");
  await expectAnswer("denied", await readReview("delete-cluster"));

  step("And a migration that only adds a column goes through at once, with no ceremony.");
  await useSql("add-column");
  await expectAnswer("allowed", await readReview("create-add-column-job"));
} finally {
  await running.close();
  await rm(cluster, { recursive: true, force: true });
}
say(surprises === 0 ? "\nThat was the whole idea." : `\n${surprises} answers were not as this demo says.`);
process.exitCode = surprises === 0 ? 0 : 1;

interface Review {
  readonly request: { readonly object: { readonly metadata: { annotations?: Record<string, string> } } | null };
}

async function readReview(name: string): Promise<Review> {
  return JSON.parse(await readFile(join(here, "reviews", `${name}.json`), "utf8"));
}

function annotate({ request: { object } }: Review, key: string, value: string): void {
  if (object !== null) object.metadata.annotations = { ...object.metadata.annotations, [key]: value };
}

/** Puts the ConfigMap that the Job mounts into the cluster, as Flux does before it applies the Job. */
async function useSql(example: string, edit: (sql: string) => string = (sql) => sql): Promise<void> {
  const text = edit(await readFile(join(here, example, "sql.yaml"), "utf8"));
  const configMap: { readonly data: { readonly "up.sql": string } } = parse(text);
  say(indented(configMap.data["up.sql"].trimEnd()));
  await writeFile(join(cluster, "sql.yaml"), text);
}

/** Ends the Backup of the example that many minutes ago, and has its object store know of it. */
async function useBackup(minutesAgo: number): Promise<void> {
  const stopped = new Date(Date.now() - minutesAgo * 60_000);
  const started = new Date(stopped.getTime() - 3_000);
  const backup = parse(await readFile(join(here, "cluster/backup.yaml"), "utf8"));
  backup.metadata.creationTimestamp = started.toISOString();
  backup.status.startedAt = started.toISOString();
  backup.status.stoppedAt = stopped.toISOString();
  const store = parse(await readFile(join(here, "cluster/object-store.yaml"), "utf8"));
  store.status.serverRecoveryWindow["app-postgres"].lastSuccessfulBackupTime = stopped.toISOString();
  await writeFile(join(cluster, "backup.yaml"), stringify(backup));
  await writeFile(join(cluster, "object-store.yaml"), stringify(store));
}

/** The server looks at the folder's files anew after 50 ms. */
function seen(): Promise<void> {
  return sleep(100);
}

/** Sends a review and shows the answer; one that is not as expected counts as a surprise. Returns the text. */
async function expectAnswer(expected: "allowed" | "denied", review: Review): Promise<string> {
  await seen();
  const { response } = JSON.parse(await post(JSON.stringify(review)));
  const answer = response.allowed ? "allowed" : "denied";
  const text: string = response.status?.message ?? (response.warnings ?? []).join("\n");
  if (answer !== expected) surprises += 1;
  const mark = response.allowed ? "✔ allowed" : "✗ denied";
  say(`\n  ${paint(response.allowed ? 32 : 31, mark)}${answer === expected ? "" : ` (expected: ${expected})`}`);
  if (text !== "") say(indented(text));
  return text;
}

function post(body: string): Promise<string> {
  const headers = { "content-type": "application/json" };
  const options = { port: running.port, host: "127.0.0.1", path: "/validate", method: "POST", headers };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, ca: running.certificate }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve(text));
    });
    asked.on("error", reject).end(body);
  });
}

function step(text: string): void {
  steps += 1;
  say(`\n${paint(1, `${steps}. ${text}`)}`);
}

function indented(text: string): string {
  return text.replace(/^/gm, "    ");
}

function paint(code: number, text: string): string {
  return process.stdout.isTTY ? `\u001b[${code}m${text}\u001b[0m` : text;
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
