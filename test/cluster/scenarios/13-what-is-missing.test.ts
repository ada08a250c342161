import { describe, expect, test } from "vitest";
import type { Manifest } from "../../deploy/objects.ts";
import { asDocuments } from "../client.ts";
import { definitions, openControlPlane } from "../control-plane-scenario.ts";
import { clusterOf, namespaceOf, storeObjects } from "../install/databases.ts";
import { inlineMigrationJob } from "../install/migrations.ts";
import { until } from "../sandbox/until.ts";

const { client, gate } = await openControlPlane("13-what-is-missing");
const database = { name: "app-postgres", namespace: "production", method: "plugin" } as const;
const drop = inlineMigrationJob(
  { name: "drop-phone", namespace: "production", cluster: "app-postgres" },
  "ALTER TABLE users DROP COLUMN phone",
);
const cnpgKinds = ["Cluster", "Database", "DatabaseRole", "Pooler", "ScheduledBackup"];

/** What the API server, asked to create an object, says on behalf of the gate; "" if it would. */
async function answerTo(object: Manifest): Promise<string> {
  const { code, stderr } = await client.attempt(["create", "--dry-run=server", "-f", "-"], asDocuments([object]));
  return code === 0 ? "" : stderr;
}

async function synced(kind: string): Promise<string | undefined> {
  return new RegExp(`^migration_gate_cache_synced{kind="${kind}"} (\\d)$`, "m").exec(await gate.metrics())?.[1];
}

/** Gives the gate's role without some resources, and takes effect at once: RBAC is read anew for every request. */
async function withoutRights(...resources: readonly string[]): Promise<void> {
  const role = JSON.parse(await client.kubectl(["get", "clusterrole", "migration-gate", "--output=json"]));
  const rules = role.rules.map((rule: { readonly resources: readonly string[] }) => ({
    ...rule,
    resources: rule.resources.filter((resource) => !resources.includes(resource)),
  }));
  const left = rules.filter((rule: { readonly resources: readonly string[] }) => rule.resources.length > 0);
  await client.kubectl(["replace", "-f", "-"], JSON.stringify({ ...role, rules: left }));
}

async function withAllRights(): Promise<void> {
  await client.kubectl(["apply", "-f", `${gate.folder}/deploy/base/rbac.yaml`]);
}

await client.apply([namespaceOf("production", { mode: "enforce" })]);

describe("without CloudNativePG and its plugin", () => {
  test("the gate is ready, and says which kinds are not there", async () => {
    expect(await gate.ready()).toEqual({ status: 200, text: "ok\n" });
    const absent = gate.log().filter(({ msg }) => msg === "the API server has no such kind: taken as empty");
    expect(absent.map(({ kind }) => kind).toSorted()).toEqual([...cnpgKinds, "ObjectStore"].toSorted());
  });

  test("a migration is denied, because no database is there that it could be for", async () => {
    const answer = await answerTo(drop);
    expect(answer).toContain(
      "denied [MG-UNKNOWN-TARGET]: Job production/drop-phone may not run: which database it reaches is unknown",
    );
    expect(answer).toContain("unknown target: the host is unknown: from Secret app-postgres-app key uri");
  });

  test("what is no migration passes", async () => {
    const hello = ["create", "job", "hello", "--namespace=production", "--image=busybox", "--dry-run=server"];
    expect(await client.kubectl([...hello, "--", "echo", "hello"])).toContain("job.batch/hello created");
  });
});

describe("kinds that come while the gate runs", () => {
  test("are taken up: first those of CloudNativePG, then that of the plugin", async () => {
    const objects = await definitions();
    const ofPlugin = (object: Manifest) => JSON.stringify(object["metadata"]).includes("barmancloud.cnpg.io");
    await client.apply(objects.filter((object) => !ofPlugin(object)));
    await client.kubectl(["wait", "crd/clusters.postgresql.cnpg.io", "--for=condition=Established"]);
    await client.apply([clusterOf(database)]);
    const answer = await until("the Cluster is known", async () => {
      const said = await answerTo(drop);
      return said.includes("MG-UNKNOWN-TARGET") ? undefined : said;
    });
    expect(answer).toContain("denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet");
    expect(gate.log().filter(({ kind, msg }) => kind === "ObjectStore" && msg === "watching")).toEqual([]);

    await client.apply(objects.filter(ofPlugin));
    await client.kubectl(["wait", "crd/objectstores.barmancloud.cnpg.io", "--for=condition=Established"]);
    await client.apply(storeObjects("production"));
    await until("every kind is watched", async () => {
      const watching = gate.log().filter(({ msg }) => msg === "watching");
      const kinds = new Set(watching.map(({ kind }) => kind));
      return [...cnpgKinds, "ObjectStore"].every((kind) => kinds.has(kind)) ? true : undefined;
    });
  });
});

describe("with its rights cut down", () => {
  test("what is read live is missing in the denial that rests on it, with the reason, and nothing else is hindered", async () => {
    await withoutRights("backups");
    const answer = await answerTo(drop);
    expect(answer).toContain("denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet");
    expect(answer).toContain(
      "missing recovery point: Backups of Cluster production/app-postgres cannot be judged: backups of namespace production could not be read: the gate's account may not read backups.postgresql.cnpg.io (RBAC). Take one:  only once that is mended",
    );
    expect(await answerTo({ ...drop, metadata: { name: "other", namespace: "default" } })).toBe("");
  });

  test("what is watched is not believed any more: runs are not judged, and so do not pass", async () => {
    await withoutRights("clusters");
    const answer = await until("the watch has been refused", async () => {
      const said = await answerTo(drop);
      return said.includes("MG-UNAVAILABLE") ? said : undefined;
    });
    expect(answer).toContain("denied [MG-UNAVAILABLE]: Job production/drop-phone was not judged, so it may not pass");
    expect(answer).toContain("the gate's account may not read clusters.postgresql.cnpg.io (RBAC)");
    expect(await synced("Cluster")).toBe("0");
    expect(await synced("Database")).toBe("1");
    const refused = gate.log().filter(({ kind, state }) => kind === "Cluster" && state === "forbidden");
    expect(refused.map(({ msg }) => msg)).toEqual(["watching failed"]);
  });

  test("a gate that starts so is ready, denies what it cannot judge, and judges once it may", async () => {
    await gate.stop();
    await gate.start();
    expect(await gate.ready()).toEqual({ status: 200, text: "ok\n" });
    expect(await synced("Cluster")).toBe("0");
    expect(await answerTo(drop)).toContain("the gate's account may not read clusters.postgresql.cnpg.io (RBAC)");

    await withAllRights();
    const answer = await until("Clusters are read", async () => {
      const said = await answerTo(drop);
      return said.includes("MG-UNAVAILABLE") ? undefined : said;
    });
    expect(answer).toContain("denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet");
    expect(answer).not.toContain("RBAC");
    expect(await synced("Cluster")).toBe("1");
  });
});

describe("without the gate", () => {
  test("a migration does not pass, what is no run does, and all is judged again when it is back", async () => {
    await gate.stop();
    expect(await answerTo(drop)).toContain('failed calling webhook "enforced-runs.migration-gate.dev"');
    const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "plain", namespace: "production" } };
    expect(await answerTo(configMap)).toBe("");
    await gate.start();
    expect(await answerTo(drop)).toContain("denied [MG-DENIED]");
  });
});
