import { type Fields, fieldsAt, textAt, valueAt } from "./fields.ts";

/**
 * What CNPG's mutating webhook, its CRDs and PostgreSQL put in where nothing is written (seen on CNPG 1.30; cnpg.md
 * section 6). An operator upgrade adds such fields to old objects: a field that appears with its default is no change.
 */
export const defaultInstances = 1;

/** postgresql.parameters as far as they matter here; those that CNPG leaves out are PostgreSQL's own defaults. */
export const defaultParameters: Readonly<Record<string, string>> = {
  archive_library: "",
  archive_mode: "on",
  archive_timeout: "5min",
  fsync: "on",
  full_page_writes: "on",
  ignore_checksum_failure: "off",
  ignore_invalid_pages: "off",
  max_slot_wal_keep_size: "-1",
  synchronous_commit: "on",
  wal_level: "logical",
  zero_damaged_pages: "off",
};

const defaultDatabase = "app";
const initdbDefaults: Fields = { encoding: "UTF8", localeCType: "C", localeCollate: "C" };

/** The bootstrap section as CNPG reads it: method → settings, the defaults written out. */
export function effectiveBootstrap(cluster: unknown): ReadonlyMap<string, Fields> {
  const written = Object.keys(fieldsAt(cluster, "spec", "bootstrap"));
  const methods = written.length === 0 ? ["initdb"] : written;
  return new Map(methods.map((method) => [method, effectiveMethod(cluster, method)]));
}

function effectiveMethod(cluster: unknown, method: string): Fields {
  const settings = fieldsAt(cluster, "spec", "bootstrap", method);
  const database = textAt(settings, "database") || defaultDatabase;
  const owner = textAt(settings, "owner") || database;
  return { ...(method === "initdb" ? initdbDefaults : {}), ...settings, database, owner };
}

/** A plugin counts unless it says `enabled: false`. */
export function isEnabledPlugin(plugin: unknown): boolean {
  return valueAt(plugin, "enabled") !== false;
}

/** A server's name in the archive, where none is written, is the Cluster's. */
export function effectiveServerName(written: string, clusterName: string): string {
  return written || clusterName;
}
