import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { field, type Manifest, objectsOf } from "../../deploy/objects.ts";
import { moduleOf, sourceOf } from "../build/binaries.ts";
import { asDocuments, type Client } from "../client.ts";
import { definitions, openControlPlane } from "../control-plane-scenario.ts";
import { backupOf, clusterOf, namespaceOf, storeObjects } from "../install/databases.ts";
import { inlineMigrationJob, migrationJob, sqlConfigMap } from "../install/migrations.ts";
import { holderOf, personOf } from "../people.ts";
import { operatorAccount, playOperator } from "../played-operator.ts";
import { until } from "../sandbox/until.ts";
import { cnpg } from "../versions.ts";
import type { AuditEvent } from "../witnesses/audit.ts";

const { client, gate, audit } = await openControlPlane("15-attacks");
const operator = playOperator(client);
const namespace = "production";
const inNamespace = ["--namespace", namespace];
const app = { namespace, name: "app-postgres" };
const instanceAccount = "system:serviceaccount:production:app-postgres";
const dropPhone = "ALTER TABLE users DROP COLUMN phone";

/** Kubernetes' own `edit`, and the editor roles that CloudNativePG has for its kinds. */
async function rolesOfAnEditor(): Promise<readonly Manifest[]> {
  const source = await sourceOf(moduleOf("cnpg-manager", cnpg.plugin));
  const roles = ["cluster", "backup", "scheduledbackup"].flatMap((kind) => {
    const file = join(source, `config/rbac/${kind}_editor_role.yaml`);
    return objectsOf(readFileSync(file, "utf8"), file);
  });
  const bound = ["edit", "cnpg-database-editor-role", ...roles.map((role) => String(field(role, "metadata", "name")))];
  const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "dana" }];
  return [
    ...roles,
    ...bound.map((name) => ({
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "RoleBinding", metadata: { name, namespace }, subjects },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
    })),
    {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole", metadata: { name: "namespaces" } },
      rules: [{ apiGroups: [""], resources: ["namespaces"], verbs: ["get", "update", "patch"] }],
    },
    {
      ...{ apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRoleBinding", metadata: { name: "namespaces" } },
      ...{ roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "namespaces" }, subjects },
    },
  ];
}

await client.apply(await definitions());
await client.kubectl(["wait", "crd", "--all", "--for=condition=Established"]);
await client.apply([
  namespaceOf(namespace, { mode: "enforce" }),
  namespaceOf("shop", { mode: "enforce", policy: "production" }),
  namespaceOf("develop", { mode: "enforce" }),
]);
await client.apply([...storeObjects(namespace), ...storeObjects("develop"), ...(await rolesOfAnEditor())]);
await client.apply([
  clusterOf({ ...app, method: "plugin" }),
  clusterOf({ ...app, name: "shop-postgres", method: "plugin" }),
  clusterOf({ name: "scratch", namespace: "develop", method: "plugin" }),
]);
await client.apply([{ apiVersion: "v1", kind: "Node", metadata: { name: "node" } }]);
for (const name of ["app-postgres", "shop-postgres"]) await operator.settle({ namespace, name });
await operator.addInstance(app, "node");
const dana = await personOf(client, "dana", gate.folder);

/** Who asks is told no, with these words and the code 403, and the audit log has it. */
async function expectDenied(
  who: Client,
  args: readonly string[],
  says: string,
  event: Partial<AuditEvent>,
  input?: string,
): Promise<AuditEvent> {
  const said = await who.attempt(args, input);
  expect(said.stderr).toContain(says);
  expect(said.code).not.toBe(0);
  return await until("the denial is in the audit log", async () => {
    return audit.events({ ...event, code: 403 }).findLast(({ message }) => message.includes(says));
  });
}

function patchStatus(kind: string, name: string, status: Manifest): readonly string[] {
  const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
  return ["patch", ...inNamespace, kind, name, ...patch];
}

async function create(object: Manifest, who: Client = dana): Promise<void> {
  await who.kubectl(["create", "--filename", "-"], asDocuments([object]));
}

const forgedState = { phase: "completed", startedAt: new Date().toISOString(), stoppedAt: new Date().toISOString() };
const notTheOperator = "only the CNPG operator and the instance managers' own Pods write this status";

describe("a Backup that never was", () => {
  const completed = patchStatus("backup", "forged", forgedState);
  const written = { verb: "patch", resource: "backups", subresource: "status" };

  test("made with a state: the state does not come along", async () => {
    await create({ ...backupOf({ ...app, method: "plugin" }, "forged"), status: forgedState });
    const backup = await client.read("postgresql.cnpg.io/v1", "Backup", namespace, "forged");
    expect(field(backup, "status", "phase")).toBeUndefined();
  });

  test("completed by dana herself: her roles do not let her", async () => {
    await expectDenied(dana, completed, 'cannot patch resource "backups/status"', { ...written, user: "dana" });
  });

  test("a healthy Cluster by dana herself: her roles would let her", async () => {
    const healthy = patchStatus("cluster", app.name, { phase: "Cluster in healthy state" });
    await expectDenied(dana, healthy, notTheOperator, { verb: "patch", resource: "clusters", user: "dana" });
  });

  test("completed by the instance's account, which `edit` may impersonate", async () => {
    await expectDenied(dana.as(instanceAccount), completed, notTheOperator, { ...written, user: instanceAccount });
  });

  test("completed by a token of that account, which `edit` may mint", async () => {
    const token = await dana.kubectl(["create", "token", app.name, ...inNamespace]);
    const holder = await holderOf(client, token.trim(), gate.folder);
    await expectDenied(holder, completed, notTheOperator, { ...written, user: instanceAccount });
  });

  test("a token of that account bound to the instance's Pod is not minted for dana", async () => {
    const event = { verb: "create", resource: "serviceaccounts", subresource: "token", user: "dana" };
    await expectDenied(dana, await boundToken(), "only kubelets mint tokens bound to a Pod", event);
  });

  test.each([
    ["a Pod", podAs],
    ["a Job", jobAs],
    ["a CronJob", cronJobAs],
    ["a Deployment", deploymentAs],
  ])("nor does dana get one by %s of her own under that account", async (_what, made) => {
    const says = "only the CNPG operator runs Pods under an account that may write the status of Backups";
    const event = { verb: "create", user: "dana" };
    await expectDenied(dana, ["create", "-f", "-"], says, event, asDocuments([made(app.name)]));
    expect(await dana.attempt(["create", "-f", "-"], asDocuments([made("default")]))).toMatchObject({ code: 0 });
  });

  test("good: the kubelet mints it, and the instance in that Pod writes its Backup's state, as the operator does", async () => {
    const kubelet = client.as("system:node:node", "system:nodes");
    const instance = await holderOf(client, (await kubelet.kubectl(await boundToken())).trim(), gate.folder);
    await create(backupOf({ ...app, method: "plugin" }, "taken"));
    await instance.kubectl(patchStatus("backup", "taken", { phase: "started" }));
    await client.as(operatorAccount).kubectl(patchStatus("backup", "taken", { phase: "finalizing" }));
    const backup = await client.read("postgresql.cnpg.io/v1", "Backup", namespace, "taken");
    expect(field(backup, "status", "phase")).toBe("finalizing");
  });
});

const containers = [{ name: "m", image: "busybox", command: ["true"] }];

function podAs(serviceAccountName: string): Manifest {
  const metadata = { generateName: "evil-", namespace };
  return { apiVersion: "v1", kind: "Pod", metadata, spec: { serviceAccountName, containers } };
}

function templateAs(serviceAccountName: string): Manifest {
  return { metadata: { labels: { app: "evil" } }, spec: { serviceAccountName, restartPolicy: "Never", containers } };
}

function jobAs(account: string): Manifest {
  const metadata = { generateName: "evil-", namespace };
  return { apiVersion: "batch/v1", kind: "Job", metadata, spec: { template: templateAs(account) } };
}

function cronJobAs(account: string): Manifest {
  const { spec } = jobAs(account);
  return {
    ...{ apiVersion: "batch/v1", kind: "CronJob", metadata: { generateName: "evil-", namespace } },
    spec: { schedule: "0 0 1 1 *", jobTemplate: { spec } },
  };
}

function deploymentAs(account: string): Manifest {
  const { spec, ...template } = templateAs(account);
  return {
    ...{ apiVersion: "apps/v1", kind: "Deployment", metadata: { generateName: "evil-", namespace } },
    spec: {
      selector: { matchLabels: { app: "evil" } },
      template: { ...template, spec: { ...Object(spec), restartPolicy: "Always" } },
    },
  };
}

async function boundToken(): Promise<readonly string[]> {
  const pod = await client.read("v1", "Pod", namespace, "app-postgres-1");
  const uid = String(field(pod, "metadata", "uid"));
  const bound = ["--bound-object-kind=Pod", "--bound-object-name=app-postgres-1", `--bound-object-uid=${uid}`];
  return ["create", "token", app.name, ...inNamespace, ...bound];
}

describe("an owner that is dead", () => {
  const reference = { apiVersion: "v1", kind: "ConfigMap", name: "gone", uid: "06798c08-ea73-4075-8bc7-6b85f9501598" };
  const owned = JSON.stringify({ metadata: { ownerReferences: [reference] } });

  test("on the Cluster: the garbage collector would delete it", async () => {
    const patch = ["patch", ...inNamespace, "cluster", app.name, "--type=merge", "--patch", owned];
    const event = await expectDenied(dana, patch, "owner none → ConfigMap/gone", { verb: "patch", user: "dana" });
    expect(event.message).toContain(
      "denied [MG-DENIED]: 1 change may not be made to Cluster production/app-postgres yet",
    );
    expect(event.annotations["enforced-clusters.migration-gate.dev/decision"]).toBe("deny");
  });

  test("on its volume", async () => {
    const patch = ["patch", ...inNamespace, "pvc", "app-postgres-1", "--type=merge", "--patch", owned];
    await expectDenied(dana, patch, "owner-reference-changed", { verb: "patch", user: "dana" });
  });

  test("good: a label on the Cluster is nobody's business, and an owner of what is no database's", async () => {
    await dana.kubectl(["label", ...inNamespace, "cluster", app.name, "team=shop"]);
    await create({ apiVersion: "v1", kind: "ConfigMap", metadata: { name: "plain", namespace } });
    await dana.kubectl(["patch", ...inNamespace, "configmap", "plain", "--type=merge", "--patch", owned]);
  });
});

describe("the volume of a database", () => {
  const ofTheClaim = { resource: "persistentvolumeclaims", name: "app-postgres-1", user: "dana" };

  test("loses the labels by which its deletion would be noticed", async () => {
    const strip = ["label", ...inNamespace, "pvc", "app-postgres-1", "cnpg.io/cluster-", "cnpg.io/pvcRole-"];
    await expectDenied(dana, strip, "pvc-label-dropped", { ...ofTheClaim, verb: "patch" });
    const whole = await client.read("v1", "PersistentVolumeClaim", namespace, "app-postgres-1");
    const bare = { ...whole, metadata: { name: "app-postgres-1", namespace } };
    const replace = ["replace", "--filename", "-"];
    await expectDenied(dana, replace, "pvc-label-dropped", { ...ofTheClaim, verb: "update" }, asDocuments([bare]));
  });

  test("is deleted", async () => {
    const remove = ["delete", ...inNamespace, "pvc", "app-postgres-1", "--wait=false"];
    await expectDenied(dana, remove, "deletes a volume of the database", { ...ofTheClaim, verb: "delete" });
  });

  test("good: it gets another label, and a volume of no database loses its own and goes", async () => {
    await dana.kubectl(["label", ...inNamespace, "pvc", "app-postgres-1", "team=shop"]);
    const metadata = { name: "uploads", namespace, labels: { app: "shop" } };
    const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
    await create({ apiVersion: "v1", kind: "PersistentVolumeClaim", metadata, spec });
    await dana.kubectl(["label", ...inNamespace, "pvc", "uploads", "app-"]);
    await dana.kubectl(["delete", ...inNamespace, "pvc", "uploads", "--wait=false"]);
  });
});

describe("the labels of a namespace", () => {
  const mode = "label migration-gate.dev/mode enforce →";

  test.each([
    ["audited only", namespace, `${mode} audit`, "migration-gate.dev/mode=audit"],
    ["switched off", namespace, `${mode} off`, "migration-gate.dev/mode=off"],
    ["no mode", namespace, `${mode} off`, "migration-gate.dev/mode-"],
    ["an easier policy", "shop", "policy production → develop", "migration-gate.dev/policy=develop"],
    ["no policy", "shop", "policy production → none", "migration-gate.dev/policy-"],
  ])("%s", async (_what, name, says, label) => {
    const event = await expectDenied(dana, ["label", "--overwrite", "namespace", name, label], says, {
      ...{ resource: "namespaces", name, verb: "patch", user: "dana" },
    });
    expect(event.annotations["enforced-namespaces.migration-gate.dev/decision"]).toBe("deny");
  });

  test("good: any other label", async () => {
    await dana.kubectl(["label", "namespace", namespace, "team=shop"]);
  });
});

describe("SQL that nobody approved", () => {
  const created = { verb: "create", resource: "jobs", user: "dana" };
  const migration = { namespace, cluster: app.name };

  /** The digest that the gate asks to have approved for this Job, which it denies. */
  async function digestOf(job: Manifest): Promise<string> {
    const { stderr } = await dana.attempt(["create", "--filename", "-"], asDocuments([job]));
    const digest = /migration-gate approve (sha256:[0-9a-f]{64})/.exec(stderr)?.[1];
    if (digest === undefined) throw new Error(`no digest in: ${stderr}`);
    return digest;
  }

  function inline(name: string, sql: string, digest: string, cluster = app.name): Manifest {
    const annotations = { "approval.migration-gate.dev/alice": digest };
    return inlineMigrationJob({ namespace, name, cluster, annotations }, sql);
  }

  test("good: with its approval and a Backup that the operator completed, exactly this runs", async () => {
    await create(backupOf({ ...app, method: "plugin" }, "before-0042"));
    await operator.complete({ namespace, name: "before-0042" }, app.name);
    await create(backupOf({ ...app, name: "shop-postgres", method: "plugin" }, "shop-before-0042"));
    await operator.complete({ namespace, name: "shop-before-0042" }, "shop-postgres");
    const digest = await digestOf(inlineMigrationJob({ ...migration, name: "good" }, dropPhone));
    await create(inline("good", dropPhone, digest));
    await until("the Job's Pod was let through", async () => podsOf("good").then(([pod]) => pod));
  });

  test("put in the place of what was approved", async () => {
    const digest = await digestOf(inlineMigrationJob({ ...migration, name: "swapped" }, dropPhone));
    const job = inline("swapped", "ALTER TABLE users DROP COLUMN email", digest);
    const event = await expectDenied(
      dana,
      ["create", "-f", "-"],
      "missing approval: 0 of 1 (dba)",
      created,
      asDocuments([job]),
    );
    expect(event.message).not.toContain("missing recovery point");
  });

  test("run on another Cluster than it was approved for", async () => {
    const digest = await digestOf(inlineMigrationJob({ ...migration, name: "copied" }, dropPhone));
    const job = inline("copied", dropPhone, digest, "shop-postgres");
    const event = await expectDenied(
      dana,
      ["create", "-f", "-"],
      "missing approval: 0 of 1 (dba)",
      created,
      asDocuments([job]),
    );
    expect(event.message).toContain("may not run on Cluster production/shop-postgres yet");
    expect(event.message).not.toContain("missing recovery point");
  });

  test("put into its ConfigMap while the Job is suspended", async () => {
    const name = "suspended";
    const job = await approvedJob(name);
    await create({ ...job, spec: { ...Object(job["spec"]), suspend: true } });
    await put(name, "DROP TABLE users");
    const resume = ["patch", ...inNamespace, "job", name, "--type=merge", "--patch", '{"spec":{"suspend":false}}'];
    await expectDenied(dana, resume, "DROP TABLE users", { verb: "patch", resource: "jobs", user: "dana" });
    expect(await podsOf(name)).toEqual([]);

    await put(name, dropPhone);
    await dana.kubectl(resume);
    await until("good: as approved, its Pod was let through", async () => podsOf(name).then(([pod]) => pod));
  });

  test("put into its ConfigMap while a Pod may still read it, and before the next Pod", async () => {
    const name = "retried";
    const job = await approvedJob(name);
    await create({ ...job, spec: { ...Object(job["spec"]), backoffLimit: 4 } });
    const pod = await until("the first Pod was let through", async () => podsOf(name).then(([first]) => first));
    const swapped = asDocuments([sqlConfigMap({ namespace, name }, "DROP TABLE users;\n")]);
    const ofTheFile = { verb: "update", resource: "configmaps", name, user: "dana" };
    await expectDenied(dana, ["replace", "-f", "-"], "DROP TABLE users", ofTheFile, swapped);

    // the Pod ends, as the kubelet would say, and nothing reads the file any more
    const failed = JSON.stringify({ status: { phase: "Failed" } });
    const podName = String(field(pod, "metadata", "name"));
    await client.kubectl(["patch", ...inNamespace, "pod", podName, "--subresource=status", "--patch", failed]);
    await put(name, "DROP TABLE users");
    const denied = await until("the next Pod was denied", async () => {
      const controller = { user: "system:serviceaccount:kube-system:job-controller", resource: "pods", code: 403 };
      return audit.events(controller).find(({ message }) => message.includes("DROP TABLE users"));
    });
    expect(denied.message).toContain(
      "denied [MG-DENIED]: 1 statement may not run on Cluster production/app-postgres yet",
    );
    expect(await podsOf(name)).toHaveLength(1);

    await put(name, dropPhone);
    await until("good: as approved, the next Pod was let through", async () => podsOf(name).then(([, next]) => next));
  });

  /** Its ConfigMap is there, and what stands in it is approved. */
  async function approvedJob(name: string): Promise<Manifest> {
    await create(sqlConfigMap({ namespace, name }, `${dropPhone};\n`));
    const digest = await digestOf(migrationJob({ ...migration, name }));
    return migrationJob({ ...migration, name, annotations: { "approval.migration-gate.dev/alice": digest } });
  }

  async function put(name: string, sql: string): Promise<void> {
    await dana.kubectl(["replace", "-f", "-"], asDocuments([sqlConfigMap({ namespace, name }, `${sql};\n`)]));
  }

  async function podsOf(job: string): Promise<readonly Manifest[]> {
    const pods = await client.list("v1", "Pod", namespace);
    return pods.filter((pod) => field(pod, "metadata", "labels", "job-name") === job);
  }
});

describe("a Secret of another name that points at production", () => {
  const created = { verb: "create", resource: "jobs", user: "dana" };

  /** A Job that connects by this Secret. */
  function jobBy(secret: string, annotations: Readonly<Record<string, string>>): Manifest {
    const job = inlineMigrationJob({ name: "by-secret", namespace, cluster: app.name, annotations }, dropPhone);
    return JSON.parse(JSON.stringify(job).replaceAll(`${app.name}-app`, secret));
  }

  test("by itself: which database it is for is not known, so nothing runs", async () => {
    await create({
      ...{ apiVersion: "v1", kind: "Secret", metadata: { name: "innocent", namespace } },
      stringData: { uri: "postgresql://app:secret@app-postgres-rw:5432/app" },
    });
    const job = asDocuments([jobBy("innocent", {})]);
    await expectDenied(dana, ["create", "-f", "-"], "denied [MG-UNKNOWN-TARGET]", created, job);
  });

  test("claimed to be for a database where less is asked: what this namespace asks is still missing", async () => {
    const claim = { "migration-gate.dev/target": "develop/scratch/app" };
    const job = asDocuments([jobBy("innocent", claim)]);
    await expectDenied(dana, ["create", "-f", "-"], "missing approval: 0 of 1 (dba)", created, job);
  });

  test("good: that database's own migrations run there, with a warning", async () => {
    const job = inlineMigrationJob({ name: "scratch", namespace: "develop", cluster: "scratch" }, dropPhone);
    const said = await client.attempt(["create", "-f", "-"], asDocuments([job]));
    expect(said).toMatchObject({ code: 0 });
    expect(said.stderr).toContain("Warning: [MG-WARNED] drop-column users.phone");
  });
});
