import { expect, test } from "vitest";
import { backupLocationChanged } from "../../src/changes/backup-location-changed.ts";
import { fieldsAt } from "../../src/changes/fields.ts";
import { cluster, describeChange, type Fields, noFacts, object, update } from "./requests.ts";

const s3 = (name: string) => ({
  accessKeyId: { name, key: "ACCESS_KEY_ID" },
  secretAccessKey: { name, key: "SECRET" },
});
const place = { destinationPath: "s3://sre/a", endpointURL: "https://r2.example.com", s3Credentials: s3("s3") };
const inTree = (fields: Fields = {}) => cluster({ backup: { barmanObjectStore: { ...place, ...fields } } });
const plugin = (barmanObjectName: string, serverName?: string) =>
  cluster({
    plugins: [
      {
        name: "barman-cloud.cloudnative-pg.io",
        isWALArchiver: true,
        parameters: { barmanObjectName, ...(serverName && { serverName }) },
      },
    ],
  });
const store = (fields: Fields = {}) =>
  object("ObjectStore", "store", { spec: { configuration: { ...place, ...fields }, retentionPolicy: "7d" } });

describeChange(backupLocationChanged, {
  "another path": {
    request: update(inTree(), inTree({ destinationPath: "s3://sre/b" })),
    shows: ["backup destinationPath s3://sre/a → s3://sre/b"],
  },
  "another endpoint, and no password in the text": {
    request: update(inTree(), inTree({ endpointURL: "https://key:s3cr3t@minio:9000" })),
    shows: ["backup endpointURL https://r2.example.com → https://minio:9000"],
  },
  "another server name": {
    request: update(inTree(), inTree({ serverName: "app-postgres-2" })),
    shows: ["backup serverName app-postgres → app-postgres-2"],
  },
  "other credentials": {
    request: update(inTree(), inTree({ s3Credentials: s3("other") })),
    shows: ["backup credentials changed"],
  },
  "another ObjectStore": {
    request: update(plugin("store"), plugin("store-2")),
    shows: ["backup barmanObjectName store → store-2"],
  },
  "another server name by the plugin": {
    request: update(plugin("store"), plugin("store", "x")),
    shows: ["backup serverName app-postgres → x"],
  },
  "to the plugin, and the ObjectStore lies elsewhere": {
    request: update(inTree(), plugin("store")),
    facts: { objectStores: [store({ destinationPath: "s3://sre/b" })] },
    shows: ["backup destinationPath s3://sre/a → s3://sre/b"],
  },
  "to the plugin, and the ObjectStore cannot be read": {
    request: update(inTree(), plugin("store")),
    shows: ["backup archive s3://sre/a → ObjectStore store (unreadable)"],
  },
  "the ObjectStore itself moves": {
    request: update(store(), store({ destinationPath: "s3://sre/b" })),
    facts: { clusters: [plugin("store")] },
    shows: ["backup destinationPath s3://sre/a → s3://sre/b"],
  },
  "an ObjectStore that nobody uses now": {
    request: update(store(), store({ endpointURL: "" })),
    shows: ["backup endpointURL https://r2.example.com → not set"],
  },
  "to the plugin, at the same place": {
    request: update(inTree(), plugin("store")),
    facts: { objectStores: [store()] },
    shows: [],
  },
  "the default server name is written out": {
    request: update(inTree(), inTree({ serverName: "app-postgres" })),
    shows: [],
  },
  "the plugin was the archiver all along": {
    request: update(
      { ...inTree(), spec: { ...fieldsAt(inTree(), "spec"), ...fieldsAt(plugin("store"), "spec") } },
      plugin("store"),
    ),
    shows: [],
  },
  "compression of WAL": { request: update(inTree(), inTree({ wal: { compression: "gzip" } })), shows: [] },
  "the archiver is removed, which is another change": {
    request: update(inTree(), cluster({ instances: 1 })),
    shows: [],
  },
});

test("an ObjectStore that two Clusters use bears on both", () => {
  const clusters = [plugin("store"), { ...plugin("store"), metadata: { name: "reports", namespace: "production" } }];
  const request = update(store(), store({ destinationPath: "s3://sre/b" }));
  const hits = backupLocationChanged.check(request, { ...noFacts, clusters });
  expect(hits.map((hit) => hit.cluster)).toEqual(["app-postgres", "reports"]);
});
