import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { emergencyGroup, type Said } from "../client.ts";
import { until } from "../sandbox/until.ts";
import { openScenario } from "../scenario.ts";
import type { AuditEvent } from "../witnesses/audit.ts";

const scenario = await openScenario("exec");
const { name: namespace, client, audit } = scenario;
const decision = "enforced-runs.migration-gate.dev/decision";

beforeAll(() =>
  scenario.startDatabase(
    "CREATE TABLE users (id int PRIMARY KEY, phone text); INSERT INTO users SELECT n, 'p' || n FROM generate_series(1, 1000) n",
  ),
);

afterEach(() => void vi.unstubAllEnvs());

// told no over a WebSocket, kubectl asks once more over SPDY
test.each([
  ["over a WebSocket, as kubectl does it now", "true", ["get", "create"]],
  ["over SPDY, as it did before", "false", ["create"]],
])("a DROP by kubectl exec in a Pod of the Cluster is denied %s", async (_how, webSockets, verbs) => {
  vi.stubEnv("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", webSockets);
  const denied = await exec(["psql", "--dbname=app", "--command=DROP TABLE users"], verbs);
  expect(denied.code).not.toBe(0);
  expect(denied.stderr).toContain(
    `denied [MG-DENIED]: 1 statement may not run on Cluster ${namespace}/app-postgres yet`,
  );
  expect(denied.stderr).toContain(`drop-table  DROP TABLE users   exec in Pod ${namespace}/app-postgres-1 command:1`);
  for (const event of denied.events) expect(event).toMatchObject({ code: 403, annotations: { [decision]: "deny" } });
  expect(await scenario.database().query("SELECT count(phone) FROM users")).toEqual([["1000"]]);
});

test("a SELECT passes", async () => {
  const said = await exec(["psql", "--dbname=app", "--command=SELECT count(*) FROM users"], ["get"]);
  expect(said).toMatchObject({ code: 0, stderr: "", stdout: expect.stringContaining("1000") });
  expect(said.events).toMatchObject([{ code: 101, annotations: { [decision]: "allow" } }]);
});

test.each([
  ["psql", ["psql", "--dbname=app"], "SELECT count(*) FROM users;\n"],
  ["bash", ["bash"], "psql --dbname=app --command='SELECT count(*) FROM users'\n"],
])("a %s that waits for what is typed passes, and the audit log has the warning", async (_program, command, typed) => {
  const said = await exec(command, ["get"], typed);
  expect(said).toMatchObject({ code: 0, stdout: expect.stringContaining("1000") });
  expect(said.events).toMatchObject([{ code: 101, annotations: { [decision]: "warn" } }]);
});

interface Executed extends Said {
  /** What the audit log has of it. */
  readonly events: readonly AuditEvent[];
}

/** `verbs`: how it is in the audit log, once it is there. */
async function exec(command: readonly string[], verbs: readonly string[], typed?: string): Promise<Executed> {
  const place = [`--namespace=${namespace}`, "app-postgres-1", "--container=postgres"];
  const before = execs().length;
  const said = await client.attempt(
    ["exec", ...(typed === undefined ? [] : ["--stdin"]), ...place, "--", ...command],
    typed,
  );
  const events = await until(`it is in the audit log as ${verbs}`, async () => {
    const found = execs().slice(before);
    return `${found.map(({ verb }) => verb)}` === `${verbs}` ? found : undefined;
  });
  return { ...said, events };
}

/** Without those by which the test itself looks into the database. */
function execs(): readonly AuditEvent[] {
  const all = audit.events({ namespace, resource: "pods", subresource: "exec", user: "admin" });
  return all.filter(({ groups }) => !groups.includes(emergencyGroup));
}
