import { archiverRemoved } from "../../src/changes/archiver-removed.ts";
import { cluster, describeChange, type Fields, update } from "./requests.ts";

const barman = "barman-cloud.cloudnative-pg.io";
const plugin = (fields: Fields = {}) => ({
  plugins: [{ name: barman, isWALArchiver: true, parameters: { barmanObjectName: "store" }, ...fields }],
});
const inTree = { backup: { barmanObjectStore: { destinationPath: "s3://sre/a" }, retentionPolicy: "7d" } };
const change = (before: Fields, after: Fields) =>
  update(cluster({ instances: 1, ...before }), cluster({ instances: 1, ...after }));
const pluginGone = [`WAL archiver plugin ${barman} → not set`];

describeChange(archiverRemoved, {
  "the plugin is removed": { request: change(plugin(), {}), shows: pluginGone },
  "the plugin is disabled": { request: change(plugin(), plugin({ enabled: false })), shows: pluginGone },
  "the plugin was never declared the archiver, but did archive": {
    request: change(plugin({ isWALArchiver: false }), { plugins: [] }),
    shows: pluginGone,
  },
  "the plugin is no longer declared the archiver": {
    request: change(plugin(), plugin({ isWALArchiver: false })),
    shows: ["isWALArchiver true → false"],
  },
  "another plugin stays": {
    request: change(plugin(), { plugins: [{ name: "pgadmin.example.com" }] }),
    shows: pluginGone,
  },
  "the backup section is removed": { request: change(inTree, {}), shows: ["WAL archiver barmanObjectStore → not set"] },
  "the store is written as null": {
    request: change(inTree, { backup: { barmanObjectStore: null } }),
    shows: ["WAL archiver barmanObjectStore → not set"],
  },
  "the store goes, and the plugin that is to follow is disabled": {
    request: change(inTree, plugin({ enabled: false })),
    shows: ["WAL archiver barmanObjectStore → not set"],
  },
  "the snapshot method is removed": {
    request: change({ ...plugin(), backup: { volumeSnapshot: { className: "csi" } } }, plugin()),
    shows: ["volume snapshot backup configured → not set"],
  },
  "the store moves to the plugin in one change": { request: change(inTree, plugin()), shows: [] },
  "an operator upgrade writes the defaults": { request: change(plugin(), plugin({ enabled: true })), shows: [] },
  "there was no archiver": { request: change({}, { plugins: [] }), shows: [] },
  "an archiver is added": { request: change({}, plugin()), shows: [] },
});
