const ours = (alias: string) => `${alias}.oid >= 16384`;

/** An object is a catalogue row of its own; its identity is its name, so that a rename changes the fact. */
function objects(catalogue: string, condition = "true"): string {
  return `SELECT 'object ${catalogue}:' || o.oid, (pg_identify_object('${catalogue}'::regclass, o.oid, 0)).identity
    FROM ${catalogue} o WHERE ${ours("o")} AND ${condition}`;
}

/** Each yields rows (key, value); the key's first word is the kind of fact. */
export const factQueries: readonly string[] = [
  `SELECT 'object relation:' || c.oid AS key, c.oid::regclass::text AS value FROM pg_class c
    WHERE ${ours("c")} AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'i', 'I', 'c') AND c.relnamespace <> 'pg_toast'::regnamespace`,
  objects("pg_proc"),
  objects("pg_type", "o.typrelid = 0 AND o.typelem = 0"),
  objects("pg_namespace", "o.nspname NOT LIKE 'pg_temp%' AND o.nspname NOT LIKE 'pg_toast_temp%'"),
  objects("pg_extension"),
  objects("pg_collation"),
  objects("pg_operator"),
  objects("pg_opfamily"),
  objects("pg_ts_config"),
  objects("pg_foreign_server"),
  objects("pg_publication"),
  "SELECT 'object database:' || oid, datname FROM pg_database",
  "SELECT 'publication ' || prpubid || ' ' || prrelid, prrelid::regclass::text FROM pg_publication_rel",
  `SELECT 'constraint ' || oid, conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE ${ours("pg_constraint")}`,
  `SELECT 'trigger ' || oid, concat_ws(' ', tgname, tgrelid, tgenabled, tgtype) FROM pg_trigger WHERE ${ours("pg_trigger")}`,
  "SELECT 'trigger event ' || evtname, evtenabled::text FROM pg_event_trigger",
  `SELECT 'rule ' || oid, concat_ws(' ', rulename, ev_enabled) FROM pg_rewrite WHERE ${ours("pg_rewrite")}`,
  "SELECT 'policy ' || oid, concat_ws(' ', polname, polpermissive, pg_get_expr(polqual, polrelid)) FROM pg_policy",
  `SELECT 'lock ' || relation || ' ' || mode, 'held' FROM pg_locks
    WHERE pid = pg_backend_pid() AND relation >= 16384 AND mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')`,
  "SELECT 'filenode ' || oid, relfilenode::text FROM pg_class WHERE relkind = 'r' AND oid >= 16384",
  "SELECT 'reloption ' || oid, reloptions::text FROM pg_class WHERE relkind = 'r' AND oid >= 16384",
  "SELECT 'replkey ' || indrelid, indexrelid::text FROM pg_index WHERE (indisprimary OR indisreplident) AND indexrelid >= 16384",
  "SELECT 'default ' || adrelid || '.' || adnum, pg_get_expr(adbin, adrelid) FROM pg_attrdef",
  "SELECT 'default domain ' || oid, typdefault FROM pg_type WHERE typtype = 'd'",
  `SELECT 'generated ' || attrelid || '.' || attnum, attidentity::text || attgenerated::text FROM pg_attribute
    WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped`,
  `SELECT 'routine ' || p.oid, concat_ws(' ', prosecdef, proconfig, lanname, provolatile, md5(prosrc))
    FROM pg_proc p JOIN pg_language l ON l.oid = prolang WHERE p.oid >= 16384`,
  "SELECT 'query ' || c.oid, md5(pg_get_viewdef(c.oid)) FROM pg_class c WHERE relkind IN ('v', 'm') AND oid >= 16384",
  "SELECT 'sequence ' || seqrelid, concat_ws(' ', seqcycle, seqincrement) FROM pg_sequence",
  "SELECT 'owner ' || oid, proowner::text FROM pg_proc WHERE oid >= 16384",
  "SELECT 'database ' || datname, concat_ws(' ', datconnlimit, datallowconn) FROM pg_database",
  "SELECT 'credential ' || rolname, concat_ws(' ', md5(rolpassword), rolvaliduntil, rolconnlimit) FROM pg_authid",
  "SELECT 'mapping ' || umid, array_to_string(umoptions, ' ') FROM pg_user_mappings",
  "SELECT 'rls ' || oid, concat_ws(' ', relrowsecurity, relforcerowsecurity) FROM pg_class WHERE relkind IN ('r', 'p')",
  "SELECT 'persistence ' || oid, relpersistence::text FROM pg_class WHERE relkind IN ('r', 'p')",
  "SELECT 'replident ' || oid, relreplident::text FROM pg_class WHERE relkind IN ('r', 'p')",
  "SELECT 'acl ' || oid, concat_ws(' ', relacl, relowner) FROM pg_class WHERE relkind IN ('r', 'p', 'v', 'm', 'S')",
  "SELECT 'acl schema ' || oid, concat_ws(' ', nspacl, nspowner) FROM pg_namespace",
  "SELECT 'acl default ' || oid, defaclacl::text FROM pg_default_acl",
  "SELECT 'parent ' || inhrelid, inhparent::regclass::text FROM pg_inherits",
  `SELECT 'column ' || attrelid || '.' || attnum, attname || ' ' || format_type(atttypid, atttypmod) FROM pg_attribute
    WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped AND attrelid::regclass::text NOT LIKE 'pg_toast%'`,
  `SELECT 'notnull ' || attrelid || '.' || attnum, attnotnull::text FROM pg_attribute
    WHERE attrelid >= 16384 AND attnum > 0 AND NOT attisdropped AND attrelid::regclass::text NOT LIKE 'pg_toast%'`,
  "SELECT 'notnull domain ' || oid, typnotnull::text FROM pg_type WHERE typtype = 'd'",
  "SELECT 'enum ' || oid, enumlabel FROM pg_enum",
  `SELECT 'role ' || rolname, concat_ws(' ', rolsuper, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls)
    FROM pg_roles`,
  "SELECT 'member ' || member || ' ' || roleid, admin_option::text FROM pg_auth_members",
  "SELECT 'setting ' || name, setting FROM pg_settings WHERE name = 'session_replication_role' OR name LIKE '%\\_timeout'",
  "SELECT 'setting ' || setdatabase || ' ' || setrole, setconfig::text FROM pg_db_role_setting",
  "SELECT 'large-object ' || loid, string_agg(encode(data, 'hex'), '' ORDER BY pageno) FROM pg_largeobject GROUP BY loid",
];
