import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { locate } from "../../src/gate/locate.ts";
import type { LocateFacts, Location } from "../../src/model/run.ts";
import { cnpg, fromSecret, noFacts, recorded, service, stepTo } from "../targets/connections.ts";

/** The recorded Clusters production/app-postgres and production/app-postgres-r1, and one more namespace. */
const facts: LocateFacts = {
  ...noFacts,
  clusters: [
    ...recorded("clusters"),
    cnpg("Cluster", "app-postgres", { bootstrap: { initdb: { database: "stage", owner: "app" } } }, "staging"),
    cnpg(
      "Cluster",
      "shop",
      {
        bootstrap: { initdb: { database: "orders", secret: { name: "shop-credentials" } } },
        superuserSecret: { name: "shop-root" },
        managed: {
          roles: [{ name: "report", passwordSecret: { name: "report-login" } }],
          services: {
            additional: [
              { selectorType: "rw", serviceTemplate: { metadata: { name: "shop-public" } } },
              { selectorType: "ro", serviceTemplate: { metadata: { name: "shop-public-ro" } } },
            ],
          },
        },
        certificates: { serverAltDNSNames: ["db.shop.example"] },
      },
      "shop",
    ),
  ],
  poolers: [
    cnpg("Pooler", "app-pool", { cluster: { name: "app-postgres" }, type: "rw" }),
    cnpg("Pooler", "app-pool-ro", { cluster: { name: "app-postgres" }, type: "ro" }),
    cnpg("Pooler", "orphan", { cluster: { name: "gone" }, type: "rw" }),
  ],
  databaseRoles: [
    cnpg(
      "DatabaseRole",
      "audit",
      { name: "auditor", cluster: { name: "shop" }, passwordSecret: { name: "audit-login" } },
      "shop",
    ),
  ],
  databases: [
    ...recorded("databases"),
    cnpg("Database", "audit-db", { name: "audits", owner: "auditor", cluster: { name: "shop" } }, "shop"),
  ],
  services: [
    service("postgres", { selector: { "cnpg.io/cluster": "app-postgres", "cnpg.io/instanceRole": "primary" } }),
    service("replicas", { selector: { "cnpg.io/cluster": "app-postgres", "cnpg.io/instanceRole": "replica" } }),
    service("labelled", {}, { "cnpg.io/cluster": "app-postgres-r1" }),
    service("pool-alias", { selector: { "cnpg.io/poolerName": "app-pool", "cnpg.io/podRole": "pooler" } }),
    service("alias", { type: "ExternalName", externalName: "shop-rw.shop.svc.cluster.local." }),
    service("loop", { type: "ExternalName", externalName: "loop.production.svc.cluster.local" }),
    service("mysql", { selector: { app: "mysql" } }),
    service(
      "balanced",
      { selector: { "cnpg.io/cluster": "app-postgres" }, clusterIP: "10.0.0.7" },
      {},
      {
        loadBalancer: { ingress: [{ ip: "203.0.113.7" }] },
      },
    ),
  ],
};

const app = { namespace: "production", cluster: "app-postgres", database: "app" };

function at(connection: Parameters<typeof stepTo>[0], claim = "", namespace = "production"): Location {
  return locate(stepTo(connection), claim, namespace, facts);
}

function targetOf(location: Location): string {
  if (location.kind !== "cluster") return location.kind;
  const { namespace, cluster, database } = location.target;
  return `${namespace}/${cluster}/${database}`;
}

describe("locate by host", () => {
  const hosts: readonly (readonly [string, string, string])[] = [
    ["the bare Service", "app-postgres-rw", "production/app-postgres"],
    ["the Service with its namespace", "app-postgres-rw.production", "production/app-postgres"],
    ["the Service with svc", "app-postgres-rw.production.svc", "production/app-postgres"],
    ["the whole name", "app-postgres-rw.production.svc.cluster.local", "production/app-postgres"],
    ["the whole name with a trailing dot", "app-postgres-rw.production.svc.cluster.local.", "production/app-postgres"],
    ["capital letters", "App-Postgres-RW", "production/app-postgres"],
    ["a port", "app-postgres-rw:5432", "production/app-postgres"],
    ["a Cluster of another namespace", "app-postgres-rw.staging", "staging/app-postgres"],
    ["a Cluster whose name is the start of another's", "app-postgres-r1-rw", "production/app-postgres-r1"],
    ["an additional Service of the Cluster", "shop-public.shop.svc", "shop/shop"],
    ["a Pooler", "app-pool.production.svc", "production/app-postgres"],
    ["a Service that selects a Cluster", "postgres", "production/app-postgres"],
    ["a Service labelled with a Cluster", "labelled", "production/app-postgres-r1"],
    ["a Service that selects a Pooler", "pool-alias", "production/app-postgres"],
    ["an ExternalName to another namespace", "alias", "shop/shop"],
    ["a name its certificate is made for", "db.shop.example", "shop/shop"],
    ["a Service's address", "10.0.0.7", "production/app-postgres"],
    ["a load balancer's address", "203.0.113.7", "production/app-postgres"],
    ["an instance's address", "10.244.1.41", "production/app-postgres"],
    ["a variable the kubelet sets, in its own form", "$(APP_POSTGRES_RW_SERVICE_HOST)", "production/app-postgres"],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the shell's own form
    ["a variable the kubelet sets, in the shell's form", "${APP_POSTGRES_RW_SERVICE_HOST}", "production/app-postgres"],
    ["two names of one Cluster", "app-postgres-rw,app-postgres-r.production", "production/app-postgres"],
  ];
  it.each(hosts)("finds %s", (_, host, cluster) => {
    expect(targetOf(at({ hosts: [host], database: "app" }))).toBe(`${cluster}/app`);
  });

  const reading = ["app-postgres-ro", "app-postgres-r", "app-pool-ro", "replicas", "shop-public-ro.shop"];
  it.each(reading)("says that %s is for reading", (host) => {
    expect(at({ hosts: [host], database: "app" })).toMatchObject({
      kind: "cluster",
      reason: expect.stringContaining("read-only way in"),
    });
  });
  it("does not say so of the writing Service", () => {
    expect(at({ hosts: ["app-postgres-rw"], database: "app" })).toEqual({
      kind: "cluster",
      target: app,
      reason: "host app-postgres-rw",
      claimed: false,
    });
  });

  const external: readonly (readonly [string, string])[] = [
    ["db.example.com", "db.example.com"],
    ["user:hunter2@db.example.com:6432", "db.example.com"],
    ["mysql", "mysql"],
    ["loop", "loop"],
    ["postgres.other", "postgres.other"],
    ["a.example,b.example", "a.example,b.example"],
  ];
  it.each(external)("takes %s for another server", (host, shown) => {
    const location = at({ hosts: [host], database: "crm" });
    expect(location).toMatchObject({ kind: "external", host: shown, database: "crm" });
    expect(JSON.stringify(location)).not.toContain("hunter2");
  });

  const unknown: readonly (readonly [string, string, string])[] = [
    ["a Cluster that does not exist", "old-db-rw", "which does not exist"],
    ["a Cluster that exists in another namespace only", "shop-rw", "Cluster production/shop, which does not exist"],
    ["a Pooler whose Cluster is gone", "orphan", "Pooler of a Cluster that does not exist"],
    ["the Pod itself", "localhost", "inside the Pod"],
    ["a socket", "/var/run/postgresql", "inside the Pod"],
    ["an address nobody has", "10.9.9.9", "address that no Cluster"],
    ["an IPv6 address nobody has", "[fd00::1]:5432", "address that no Cluster"],
    ["what is no host name", "a b';--", "not a host name"],
    ["a variable of a Service that does not exist", "$(OLD_DB_RW_SERVICE_HOST)", "OLD_DB_RW_SERVICE_HOST"],
    ["two Clusters", "app-postgres-rw,shop-rw.shop", "more than one Cluster"],
    ["a Cluster and another server", "app-postgres-rw,db.example.com", "belongs to no Cluster, but"],
    ["a Cluster and the Pod itself", "app-postgres-rw,localhost", "inside the Pod"],
  ];
  it.each(unknown)("does not know %s", (_, host, reason) => {
    expect(at({ hosts: [host] })).toMatchObject({
      kind: "unknown",
      reason: expect.stringContaining(reason),
      remedy: expect.stringContaining("migration-gate.dev/target: "),
    });
  });

  it("uses the domain that the cluster was set up with", () => {
    const step = stepTo({ hosts: ["app-postgres-rw.production.svc.k8s.corp"], database: "app" });
    expect(targetOf(locate(step, "", "x", { ...facts, clusterDomain: "k8s.corp" }))).toBe(
      "production/app-postgres/app",
    );
    expect(targetOf(locate(step, "", "x", facts))).toBe("external");
  });
});

describe("locate by Secret", () => {
  const secrets: readonly (readonly [string, string, string, string])[] = [
    ["CloudNativePG's own Secret", "app-postgres-app", "production", "production/app-postgres/app"],
    ["its superuser Secret", "app-postgres-superuser", "production", "production/app-postgres/postgres"],
    ["the Secret of the bootstrap", "shop-credentials", "shop", "shop/shop/orders"],
    ["the superuser Secret of the spec", "shop-root", "shop", "shop/shop/postgres"],
    ["a managed role's Secret", "report-login", "shop", "shop/shop/"],
    ["a DatabaseRole's Secret, whose role owns one Database", "audit-login", "shop", "shop/shop/audits"],
    ["a DatabaseRole's certificate", "audit-client-cert", "shop", "shop/shop/audits"],
    ["the same name in another namespace", "app-postgres-app", "staging", "staging/app-postgres/stage"],
    ["a Cluster's Secret away from its namespace", "shop-credentials", "production", "unknown"],
    ["a Secret no Cluster uses", "billing-secrets", "production", "unknown"],
    ["a Secret that only looks like one of a Cluster", "gone-app", "production", "unknown"],
  ];
  it.each(secrets)("by %s", (_, secret, namespace, target) => {
    expect(targetOf(at({ secrets: [secret] }, "", namespace))).toBe(target);
  });

  it("knows host and database when both are keys of a Cluster's Secret", () => {
    const uri = fromSecret("app-postgres-app", "uri");
    expect(targetOf(at({ hosts: [uri], database: uri, secrets: ["app-postgres-app"] }))).toBe(
      "production/app-postgres/app",
    );
  });
  it("does not take a Cluster for the server when the host comes from a Secret that is not the Cluster's", () => {
    const location = at({ hosts: [fromSecret("rds-admin", "host")], secrets: ["rds-admin", "app-postgres-app"] });
    expect(location).toMatchObject({ kind: "unknown", reason: "the host is unknown: from Secret rds-admin" });
  });
  it("takes the only Cluster whose Secret is read when just the image knows the host", () => {
    const location = at({ hosts: [{ unknown: "only the image knows it" }], secrets: ["app-postgres-app"] });
    expect(location).toMatchObject({ kind: "cluster", target: app, reason: expect.stringContaining("only the image") });
  });
  it("does not imply a database that comes from elsewhere", () => {
    const location = at({
      hosts: ["app-postgres-rw"],
      database: fromSecret("names", "db"),
      secrets: ["names", "app-postgres-app"],
    });
    expect(location).toMatchObject({ target: { database: "" }, reason: expect.stringContaining("from Secret names") });
  });
  it("does not choose between two Clusters", () => {
    expect(at({ secrets: ["app-postgres-app", "app-postgres-r1-app"] })).toMatchObject({
      kind: "unknown",
      reason:
        "more than one Cluster is possible: Secret production/app-postgres-app leads to Cluster production/app-postgres, " +
        "Secret production/app-postgres-r1-app leads to Cluster production/app-postgres-r1",
    });
  });
  it("does not believe a host against a Secret", () => {
    expect(targetOf(at({ hosts: ["app-postgres-r1-rw"], secrets: ["app-postgres-app"] }))).toBe("unknown");
    expect(targetOf(at({ hosts: ["db.example.com"], secrets: ["app-postgres-app"] }))).toBe("unknown");
  });
  it("says that nothing is in sight", () => {
    expect(at({})).toMatchObject({ kind: "unknown", reason: "neither a host nor a database Secret is in sight" });
  });
  it("proposes the only Cluster of the namespace", () => {
    expect(at({}, "", "staging")).toMatchObject({ remedy: expect.stringMatching(/target: staging\/app-postgres$/) });
  });
});

describe("locate by claim", () => {
  const claims: readonly (readonly [string, Parameters<typeof stepTo>[0], string, string])[] = [
    ["decides where nothing else does", {}, "production/app-postgres/app", "production/app-postgres/app"],
    ["may leave the database out", {}, "production/app-postgres", "production/app-postgres/"],
    ["may name another namespace", {}, "shop/shop/orders", "shop/shop/orders"],
    [
      "chooses between Secrets",
      { secrets: ["app-postgres-app", "app-postgres-r1-app"] },
      "production/app-postgres",
      "production/app-postgres/app",
    ],
    [
      "agrees with a host",
      { hosts: ["app-postgres-rw"], database: "app" },
      "production/app-postgres",
      "production/app-postgres/app",
    ],
    [
      "explains a proxy",
      { hosts: ["pgbouncer"], database: "app" },
      "production/app-postgres",
      "production/app-postgres/app",
    ],
    ["may not contradict a host", { hosts: ["app-postgres-rw"] }, "shop/shop", "unknown"],
    [
      "may not contradict a host although a Secret would allow it",
      { hosts: ["app-postgres-rw"], secrets: ["app-postgres-r1-app"] },
      "production/app-postgres-r1",
      "unknown",
    ],
    ["may not contradict the Secrets", { secrets: ["app-postgres-app"] }, "shop/shop", "unknown"],
    [
      "may not contradict the database",
      { hosts: ["app-postgres-rw"], database: "app" },
      "production/app-postgres/other",
      "unknown",
    ],
    ["must name a Cluster that exists", { hosts: ["app-postgres-rw"] }, "production/gone", "unknown"],
    ["must have its form", { hosts: ["app-postgres-rw"] }, "app-postgres", "unknown"],
  ];
  it.each(claims)("%s", (_, connection, claim, target) => {
    expect(targetOf(at(connection, claim))).toBe(target);
  });

  const unknownHost = fromSecret("innocent", "uri");
  it.each([
    ["a host that leads there proves it", ["app-postgres-rw"], false],
    ["no host is in sight", [], true],
    ["a Secret may say anything", [unknownHost], true],
    ["a Secret may say anything beside such a host", ["app-postgres-rw", unknownHost], true],
    ["a proxy may lead anywhere", ["pgbouncer"], true],
  ])("knows how much of it is the author's word: %s", (_, hosts, claimed) => {
    expect(at({ hosts }, "production/app-postgres")).toMatchObject({ kind: "cluster", claimed });
  });
  it("says what contradicts it", () => {
    expect(at({ hosts: ["app-postgres-rw"] }, "shop/shop")).toMatchObject({
      reason:
        "migration-gate.dev/target names Cluster shop/shop, but host app-postgres-rw leads to Cluster production/app-postgres",
    });
  });
});

it("never crashes, and never calls a host it shows by credentials, whatever the words", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (host, database, claim) => {
      const location = at({ hosts: [`u:hunter2@${host}`], database }, claim);
      expect(["cluster", "external", "unknown"]).toContain(location.kind);
      if (!host.includes("hunter2")) expect(JSON.stringify(location)).not.toContain("hunter2");
    }),
  );
});
