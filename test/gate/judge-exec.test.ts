import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { createJudge, outcome, production, textOf } from "./gate.ts";
import * as o from "./objects.ts";
import { request } from "./requests.ts";

const judge = createJudge();
const instance = o.object(
  "v1",
  "Pod",
  "app-postgres-1",
  {
    spec: { containers: [{ name: "postgres", image: o.client, command: ["/controller/manager", "instance", "run"] }] },
  },
  { labels: { "cnpg.io/cluster": "app-postgres" }, ...o.ownedBy("Cluster", "app-postgres", "postgresql.cnpg.io/v1") },
);
const web = o.object("v1", "Pod", "web", {
  spec: {
    containers: [
      {
        name: "web",
        image: "acme/web:1",
        env: [{ name: "DATABASE_URL", value: "postgres://app:x@app-postgres-rw/app" }],
      },
    ],
  },
});

function exec(pod: KubernetesObject, command: readonly string[], fields = {}, subResource = "exec") {
  const kind = subResource === "exec" ? "PodExecOptions" : "PodAttachOptions";
  const options = { apiVersion: "v1", kind, metadata: { name: pod.metadata.name }, command, ...fields };
  return request("CONNECT", options, null, { subResource, namespace: pod.metadata.namespace ?? "" });
}
const piped = { stdin: true };

describe("exec in a Pod of a Cluster", () => {
  it.each([
    ["psql -c that drops", exec(instance, ["psql", "-c", "DROP TABLE users"]), "deny MG-DENIED"],
    ["psql -c that reads", exec(instance, ["psql", "-c", "SELECT 1"]), "allow MG-ALLOWED"],
    ["a shell that runs psql", exec(instance, ["bash", "-ec", "psql -c 'TRUNCATE users'"]), "deny MG-DENIED"],
    ["an interactive psql", exec(instance, ["psql"], { ...piped, tty: true }), "warn MG-WARNED"],
    ["psql with a database and what is piped into it", exec(instance, ["psql", "-d", "app"], piped), "warn MG-WARNED"],
    ["psql behind env", exec(instance, ["env", "psql"], piped), "warn MG-WARNED"],
    ["an interactive shell", exec(instance, ["/bin/bash"]), "warn MG-WARNED"],
    [
      "SQL in an argument, and more of it piped",
      exec(instance, ["psql", "-c", "SELECT 1", "-f", "-"], piped),
      "warn MG-WARNED",
    ],
    ["rm among the database's files", exec(instance, ["rm", "-rf", "/var/lib/postgresql/data"]), "warn MG-WARNED"],
    ["attach", exec(instance, [], piped, "attach"), "warn MG-WARNED"],
    ["a Pod that does not exist", exec(o.object("v1", "Pod", "gone"), ["psql"]), "allow: the Pod does not exist"],
  ])("%s", async (_name, asked, is) => {
    expect(outcome(await judge(asked, [...o.healthy, instance]))).toBe(is);
  });

  it.each([
    ["allow", "allow: the policy allows interactive shells"],
    ["warn", "warn MG-WARNED"],
    ["deny", "deny MG-DENIED"],
  ] as const)("a shell where the policy says interactiveExec: %s", async (interactiveExec, is) => {
    const decision = await judge(
      exec(instance, ["bash"], piped),
      [...o.healthy, instance],
      production({ interactiveExec }),
    );
    expect(outcome(decision)).toBe(is);
  });

  it("is judged by its owner's Cluster, whatever its annotation claims", async () => {
    const annotations = { "migration-gate.dev/target": "develop/toy" };
    const forged = { ...instance, metadata: { ...instance.metadata, annotations } };
    const decision = await judge(exec(forged, ["psql", "-c", "DROP TABLE users"]), [...o.healthy, forged]);
    expect([outcome(decision), decision.target?.cluster]).toEqual(["deny MG-DENIED", "app-postgres"]);
  });

  it("says what was not judged, and what to do", async () => {
    const decision = await judge(
      exec(instance, ["bash"]),
      [...o.healthy, instance],
      production({ interactiveExec: "deny" }),
    );
    expect(textOf(decision)).toBe(
      [
        "denied [MG-DENIED]: exec in Pod production/app-postgres-1 may not run on its database yet",
        "  not judged: what is done inside a Pod of Cluster production/app-postgres is not judged. Do:  give the statement with psql -c, or put it into a migration",
      ].join("\n"),
    );
  });
});

describe("exec in another Pod", () => {
  it.each([
    [
      "psql -c that drops, by the Pod's own variables",
      exec(web, ["sh", "-c", 'psql "$DATABASE_URL" -c "DROP TABLE users"']),
      "deny MG-DENIED",
    ],
    [
      "psql with something piped into it",
      exec(web, ["psql", "postgres://app-postgres-rw/app"], piped),
      "deny MG-UNREADABLE",
    ],
    ["a tool's destructive command", exec(web, ["rails", "db:drop"]), "deny MG-DENIED"],
    ["a program nobody knows", exec(web, ["node", "--eval", "x"]), "warn MG-DENIED"],
    ["a harmless program", exec(web, ["ls"]), "allow: nothing in it reaches a database"],
    ["an interactive shell", exec(web, ["bash"], { ...piped, tty: true }), "allow: nothing in it reaches a database"],
    ["attach", exec(web, [], piped, "attach"), "allow: what may be typed into it was judged when it came"],
  ])("%s", async (_name, asked, is) => {
    expect(outcome(await judge(asked, [...o.healthy, web]))).toBe(is);
  });

  it("in an unlabelled namespace is judged by the Cluster it reaches", async () => {
    const toolbox = { ...web, metadata: { ...web.metadata, namespace: "tools" } };
    const asked = exec(toolbox, ["psql", "-h", "app-postgres-rw.production", "-d", "app", "-c", "DROP TABLE users"]);
    expect(outcome(await judge(asked, [...o.healthy, o.namespace("tools", {}), toolbox]))).toBe("deny MG-DENIED");
  });
});
