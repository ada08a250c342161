import { durabilityParameterWeakened } from "../../src/changes/durability-parameter-weakened.ts";
import { cluster, describeChange, update } from "./requests.ts";

type Parameters = Readonly<Record<string, string>>;
const change = (before: Parameters, after: Parameters) =>
  update(
    cluster({ postgresql: { parameters: before } }),
    cluster({ postgresql: { parameters: { ...after, work_mem: "8MB" } } }),
  );
const flagged = (name: string, from: string, to: string) => ({
  request: change(from === "not set" ? {} : { [name]: from }, to === "not set" ? {} : { [name]: to }),
  shows: [`postgresql.parameters.${name} ${from} → ${to}`],
});
const passes = (before: Parameters, after: Parameters) => ({ request: change(before, after), shows: [] });

describeChange(durabilityParameterWeakened, {
  "fsync off": flagged("fsync", "on", "off"),
  "fsync off in another spelling": flagged("fsync", "on", "FALSE"),
  "full_page_writes to something unreadable": flagged("full_page_writes", "on", "maybe"),
  "synchronous_commit one step down": flagged("synchronous_commit", "remote_apply", "on"),
  "synchronous_commit local": flagged("synchronous_commit", "on", "local"),
  "wal_level without replicas": flagged("wal_level", "replica", "minimal"),
  "wal_level without logical replication": flagged("wal_level", "logical", "replica"),
  "archive_timeout never": flagged("archive_timeout", "5min", "0"),
  "archive_timeout longer": flagged("archive_timeout", "300", "1h"),
  "slots may lose WAL": flagged("max_slot_wal_keep_size", "-1", "10GB"),
  "slots may lose more WAL": flagged("max_slot_wal_keep_size", "1GB", "512"),
  "archive_mode off": flagged("archive_mode", "on", "off"),
  "damaged pages become zeros": flagged("zero_damaged_pages", "off", "on"),
  "a checksum failure is ignored": flagged("ignore_checksum_failure", "off", "1"),
  "an archive library takes over": {
    request: change({}, { archive_library: "basic_archive" }),
    shows: ["postgresql.parameters.archive_library not set → basic_archive"],
  },
  "what was missing stood for on": {
    request: change({}, { fsync: "off" }),
    shows: ["postgresql.parameters.fsync on → off"],
  },
  "the parameters are left out: CNPG's defaults come back": passes({ fsync: "off", archive_timeout: "1h" }, {}),
  "an operator upgrade writes the defaults": passes(
    {},
    { archive_timeout: "5min", full_page_writes: "on", wal_level: "logical" },
  ),
  "the same in other units": passes(
    { archive_timeout: "300s", fsync: "on" },
    { archive_timeout: "5min", fsync: "yes" },
  ),
  "it gets stronger": passes(
    { synchronous_commit: "off", archive_timeout: "0" },
    { synchronous_commit: "on", archive_timeout: "1min" },
  ),
  "another setting": passes({}, { max_connections: "10" }),
});
