/** What a hazard that migration reviewers and linters know of is about. */
type Kind = "destroys" | "way back" | "running release" | "locks" | "transactions" | "rights";

/** One known hazard and who finds it: rules by id, another part of the product, or nobody, with the reason. */
export interface KnownHazard {
  readonly kind: Kind;
  readonly hazard: string;
  readonly rules: readonly string[];
  /** another part of the product that does it, or why nothing does; "" where the rules say it all */
  readonly remark: string;
  readonly answer: "rules" | "elsewhere" | "not built";
}

const row = (kind: Kind, hazard: string, answer: KnownHazard["answer"], rules: string, remark = ""): KnownHazard => ({
  ...{ kind, hazard, answer, remark },
  rules: rules === "" ? [] : rules.split(" "),
});
const found = (kind: Kind, hazard: string, rules: string, remark = "") => row(kind, hazard, "rules", rules, remark);
const elsewhere = (kind: Kind, hazard: string, remark: string) => row(kind, hazard, "elsewhere", "", remark);
const notBuilt = (kind: Kind, hazard: string, remark: string) => row(kind, hazard, "not built", "", remark);

const destroys: readonly KnownHazard[] = [
  found("destroys", "DROP TABLE", "drop-table"),
  found("destroys", "CASCADE on any DROP", "drop-cascade drop-view drop-function drop-sequence drop-constraint"),
  found("destroys", "DROP COLUMN", "drop-column"),
  found(
    "destroys",
    "DROP COLUMN takes keys and indexes with it",
    "drop-key-column",
    "by the column's name, as the schema is not seen",
  ),
  found("destroys", "DROP SCHEMA", "drop-schema"),
  found("destroys", "DROP DATABASE", "drop-database"),
  found("destroys", "TRUNCATE, plain and CASCADE", "truncate"),
  found("destroys", "DELETE without WHERE, or with one that is always true", "delete-without-where delete"),
  found(
    "destroys",
    "UPDATE without WHERE, or with one that is always true",
    "update-without-where update update-by-key",
  ),
  found(
    "destroys",
    "writable CTE, MERGE, upsert that overwrites",
    "merge-delete merge-update insert-on-conflict-update seed-upsert delete-without-where",
  ),
  found("destroys", "DELETE or UPDATE whose subquery is the whole table", "delete-without-where update-without-where"),
  found("destroys", "DROP or emptying of a MATERIALIZED VIEW", "drop-materialized-view empty-materialized-view"),
  found("destroys", "DROP TYPE or DOMAIN CASCADE drops columns", "drop-type-cascade"),
  found("destroys", "DROP EXTENSION", "drop-extension drop-chunks"),
  found("destroys", "DROP OWNED, DROP ROLE, REASSIGN OWNED", "drop-owned drop-role reassign-owned"),
  found("destroys", "sequence or identity dropped, restarted, rewound", "drop-sequence drop-identity rewind-sequence"),
  found(
    "destroys",
    "DROP FOREIGN TABLE, SERVER, SUBSCRIPTION, PUBLICATION",
    "drop-foreign-table drop-cascade drop-subscription drop-publication",
  ),
  found("destroys", "DROP TABLESPACE", "drop-tablespace"),
  found("destroys", "a partition dropped or detached", "drop-table detach-partition"),
  found("destroys", "a change of type, or USING, that loses values", "alter-column-type set-expression"),
  found("destroys", "DROP ATTRIBUTE of a composite type", "drop-attribute"),
  found("destroys", "UNLOGGED: a crash empties the table", "set-unlogged"),
  found("destroys", "a table made anew and swapped in, the old one dropped", "drop-table rename-table"),
  found(
    "destroys",
    "a foreign key that deletes or overwrites on its own",
    "cascading-foreign-key weakened-foreign-key",
  ),
  found(
    "destroys",
    "large objects, the catalogue, COPY PROGRAM",
    "unlink-large-object pg-catalog-dml copy-program",
    "dblink, pg_cron and the like are `dynamic-sql`",
  ),
  notBuilt("destroys", "a limit on rows by EXPLAIN", "needs the live database, which the gate never reaches"),
  found(
    "destroys",
    "a check that the locked table is empty lifts the finding",
    "drop-table truncate delete-without-where",
  ),
];

const wayBack: readonly KnownHazard[] = [
  elsewhere(
    "way back",
    "no rollback or down script",
    "evidence `rollback-window` and `rollback-owner`; no statement shows it",
  ),
  elsewhere(
    "way back",
    "rows copied before they are changed",
    "evidence `recovery-point`: a backup of the whole cluster, DDL included",
  ),
  elsewhere("way back", "no fresh backup, no recovery window", "evidence `recovery-point`"),
  elsewhere("way back", "a Cluster loses its backup, storage or data", "docs/changes.md"),
  found(
    "way back",
    "archive and WAL settings, slots, base backups",
    "alter-system drop-replication-slot default-setting",
  ),
  found("way back", "an enum's value cannot be taken back", "add-enum-value"),
  found("way back", "replica identity or primary key gone", "replica-identity drop-primary-key"),
  found("way back", "triggers off, writing as if replicating", "disable-trigger session-replication-role"),
];

const runningRelease: readonly KnownHazard[] = [
  found(
    "running release",
    "functions, views, triggers, rules dropped",
    "drop-function drop-view drop-trigger drop-rule",
  ),
  found("running release", "RENAME TABLE", "rename-table"),
  found("running release", "RENAME COLUMN", "rename-column"),
  found(
    "running release",
    "RENAME of a schema, function, type, role",
    "rename-schema set-schema rename-function rename-type rename-role",
  ),
  found("running release", "RENAME VALUE of an enum", "rename-enum-value"),
  found("running release", "NOT NULL column without a default", "add-not-null-column-without-default"),
  found("running release", "DROP NOT NULL", "drop-not-null"),
  found("running release", "a default changed or dropped", "change-default"),
  found(
    "running release",
    "what depends on a view, function or type breaks",
    "replace-view replace-function alter-type-attribute",
  ),
  found(
    "running release",
    "rows that break a new guard make it fail",
    "set-not-null add-unique-constraint add-check-constraint add-foreign-key",
  ),
  found(
    "running release",
    "constraint or guarding index dropped or renamed",
    "drop-constraint drop-index rename-constraint-or-index",
  ),
  found("running release", "json has no equality", "add-json-column"),
  found("running release", "an extension updated", "update-extension"),
  found(
    "running release",
    "writes discarded in silence, generated columns that stop following",
    "discarding-rule discarding-trigger discarding-trigger-function unseen-trigger-function drop-expression",
  ),
  found("running release", "a table's rows appear in another", "inherit attach-partition"),
  elsewhere(
    "running release",
    "a contract step before the release stopped using it",
    "each rule says its phase; `rollback-window` asks when the way back ends",
  ),
];

const locks: readonly KnownHazard[] = [
  found("locks", "CREATE INDEX not CONCURRENTLY, also on a partitioned table", "create-index"),
  found("locks", "DROP INDEX not CONCURRENTLY", "drop-index-blocking"),
  found("locks", "REINDEX not CONCURRENTLY", "reindex"),
  found("locks", "REFRESH MATERIALIZED VIEW not CONCURRENTLY", "refresh-materialized-view"),
  found("locks", "VACUUM FULL, CLUSTER", "vacuum-full cluster"),
  found("locks", "CHECK without NOT VALID", "add-check-constraint"),
  found("locks", "foreign key without NOT VALID", "add-foreign-key"),
  found("locks", "UNIQUE or PRIMARY KEY without USING INDEX", "add-unique-constraint"),
  found("locks", "EXCLUDE", "add-exclusion-constraint"),
  found("locks", "SET NOT NULL reads every row", "set-not-null-scan"),
  found("locks", "a change of type rewrites the table", "rewrite-column-type"),
  found("locks", "a volatile default rewrites the table", "volatile-default"),
  found("locks", "stored generated, serial, identity columns rewrite the table", "add-computed-column"),
  found("locks", "SET LOGGED, ACCESS METHOD, TABLESPACE", "move-table-storage alter-database"),
  found("locks", "ATTACH PARTITION reads every row", "attach-partition"),
  found("locks", "CREATE TABLE … PARTITION OF locks the parent", "create-partition"),
  found("locks", "DETACH PARTITION not CONCURRENTLY", "detach-partition-blocking"),
  found("locks", "an index on a partitioned parent locks every partition", "create-index"),
  found("locks", "CREATE TRIGGER", "create-trigger"),
  found("locks", "a domain's constraint or NOT NULL", "alter-domain-constraint"),
  found("locks", "LOCK TABLE", "lock-table"),
  found(
    "locks",
    "lock_timeout off or too long",
    "timeouts-off",
    "one that is not set at all is no finding: nearly every migration would have it",
  ),
  found("locks", "statement_timeout and the like off", "timeouts-off"),
  found("locks", "statements after one that took ACCESS EXCLUSIVE", "backfill-under-lock validate-under-lock"),
  found("locks", "DDL and backfill in one transaction", "backfill-under-lock"),
  found("locks", "autovacuum off", "autovacuum-off"),
  found("locks", "an invalid index kept by IF NOT EXISTS", "concurrent-index-if-not-exists"),
  found(
    "locks",
    "TimescaleDB, Citus, pg_partman",
    "drop-chunks",
    "other functions of theirs that are not known are `dynamic-sql`",
  ),
  notBuilt(
    "locks",
    "several ALTERs of one table that could be one",
    "costs a second short lock; a second rewrite is a finding of its own",
  ),
  notBuilt(
    "locks",
    "foreign key without an index on its columns",
    "whether there is one cannot be seen; add-foreign-key says to build it first",
  ),
  notBuilt("locks", "big or busy table", "needs the live database"),
];

const transactions: readonly KnownHazard[] = [
  found("transactions", "CONCURRENTLY and others inside a transaction", "not-in-transaction"),
  found("transactions", "BEGIN and COMMIT inside a tool's transaction", "nested-transaction"),
  found("transactions", "transactional and other statements in one file", "not-in-transaction"),
  found("transactions", "a new enum value used at once", "enum-value-in-transaction"),
  found("transactions", "NOT VALID and VALIDATE in one transaction", "validate-under-lock"),
  found(
    "transactions",
    "OR REPLACE and IF NOT EXISTS that hide what was there",
    "replace-view replace-function concurrent-index-if-not-exists",
  ),
  found("transactions", "DDL mixed with DML", "backfill-under-lock"),
  found("transactions", "code that cannot be read: DO, function bodies, EXECUTE", "dynamic-sql"),
  found("transactions", "psql's meta-commands, includes, variables", "unreadable untrusted"),
  elsewhere(
    "transactions",
    "an applied migration edited or out of order",
    "digests: an approval holds for exactly this text",
  ),
  notBuilt("transactions", "a comment that silences a rule and is stale", "no comment silences a rule"),
];

const rights: readonly KnownHazard[] = [
  found("rights", "GRANT, REVOKE", "grant revoke"),
  found("rights", "GRANT OPTION, ADMIN OPTION, TO PUBLIC", "grant-option powerful-role grant-to-public"),
  found(
    "rights",
    "roles made strong, locked out, password in SQL",
    "powerful-role role-nologin role-credentials password-in-sql",
  ),
  found("rights", "an owner changed", "change-owner"),
  found("rights", "row security switched on without a policy", "enable-rls"),
  found("rights", "row security switched off, a policy dropped", "disable-rls drop-policy"),
  found("rights", "SECURITY DEFINER without search_path", "security-definer"),
  found("rights", "untrusted languages and extensions", "untrusted-language"),
  found("rights", "security labels", "security-label"),
];

/** All of them, in the order of the printed page. Rules of style (names, types, comments) are no hazards. */
export const knownHazards: readonly KnownHazard[] = [
  ...destroys,
  ...wayBack,
  ...runningRelease,
  ...locks,
  ...transactions,
  ...rights,
];
