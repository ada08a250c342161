import { isRecord } from "./parse.ts";
import type { Token } from "./scanner.ts";
import type { Call, TreeContent, TreeStatement } from "./tree.ts";

/**
 * What the parser cannot see (parser.md section 4, run against a real server): settings that change how the server reads
 * the rest of the text, and functions that carry SQL in an argument. Reasons are opaque findings.
 */
const lexerSettings: Readonly<Record<string, ReadonlySet<string>>> = {
  standard_conforming_strings: new Set(["on", "true", "t", "tr", "tru", "y", "ye", "yes", "1"]),
  // values in which a byte of a longer character is never a backslash or a quote; compared without punctuation
  client_encoding: new Set(["utf8", "unicode", "sqlascii", "latin1", "latin9"]),
  backslash_quote: new Set(["safeencoding", "off", "false", "f", "no", "0"]),
};

function inner(node: unknown, key: string): unknown {
  return isRecord(node) ? node[key] : undefined;
}

/** Text of a constant, casts apart; null for anything that is not known here. */
export function constantText(node: unknown): string | null {
  const constant = inner(inner(inner(node, "TypeCast") ?? { arg: node }, "arg"), "A_Const");
  if (inner(constant, "ival") !== undefined) return String(inner(inner(constant, "ival"), "ival") ?? 0);
  if (inner(constant, "boolval") !== undefined)
    return inner(inner(constant, "boolval"), "boolval") === true ? "on" : "off";
  const text = inner(constant, "sval") === undefined ? undefined : (inner(inner(constant, "sval"), "sval") ?? "");
  return typeof text === "string" ? text : null;
}

function settingRefusal(name: string, value: unknown): string | null {
  const harmless = lexerSettings[name.toLowerCase()];
  if (harmless === undefined) return null;
  const text = constantText(value);
  if (text !== null && harmless.has(text.toLowerCase().replaceAll(/[^a-z0-9]/g, ""))) return null;
  return `changes ${name.toLowerCase()}: the server then reads quotes differently, so what follows may not be what it seems`;
}

function refuseSetting(node: Readonly<Record<string, unknown>>): string | null {
  const name = node["name"];
  // RESET and SET … TO DEFAULT go back to what the session started with
  if (typeof name !== "string" || node["kind"] !== "VAR_SET_VALUE") return null;
  const values: unknown = node["args"];
  return settingRefusal(name, Array.isArray(values) ? values[0] : undefined);
}

const carriers: Readonly<Record<string, string>> = {
  lo_unlink: "deletes a large object",
  lo_put: "writes over a large object",
  lowrite: "writes over a large object",
  lo_truncate: "cuts a large object",
  lo_truncate64: "cuts a large object",
  pg_file_write: "writes a file of the server",
  pg_file_unlink: "deletes a file of the server",
  pg_file_rename: "renames a file of the server",
  pg_read_file: "reads a file of the server",
  pg_read_binary_file: "reads a file of the server",
  pg_replication_slot_advance: "lets changes of a replication slot go",
  pg_logical_slot_get_changes: "uses up changes of a replication slot",
  pg_logical_slot_get_binary_changes: "uses up changes of a replication slot",
  pg_replication_origin_drop: "forgets how far a replication has come",
  drop_chunks: "drops chunks of a hypertable with their rows",
};

/** Functions of extensions and of the server that run SQL handed to them as text. */
const carrierPattern =
  /^(?:dblink(?:_exec|_open|_send_query)?|query_to_xml(?:schema|_and_xmlschema)?|cursor_to_xml(?:schema)?|ts_stat|ts_rewrite|crosstab(?:\d|n)?|crosstab_hash|connectby|xpath_table|run_command_on_(?:workers|shards|placements|coordinator|all_nodes)|master_modify_multiple_shards|replicate_ddl(?:_command)?|bdr_replicate_ddl_command|pg_background_launch|schedule_in_database)$/;

/** pg_cron's functions have plain names: only their schema tells them from others. */
const cronFunctions = new Set(["schedule", "alter_job", "unschedule", "schedule_in_database"]);

/** Why a call cannot be judged by its name alone, or null. */
export function callRefusal(call: Call): string | null {
  if (call.name === "set_config") {
    const name = constantText(call.arguments[0]);
    // a name that is only known at run time could be any setting
    return name === null ? "set_config() of a setting that is not known here" : settingRefusal(name, call.arguments[1]);
  }
  const effect = carriers[call.name];
  if (effect !== undefined) return `${call.name}() ${effect}`;
  if (carrierPattern.test(call.name) || (call.schema === "cron" && cronFunctions.has(call.name))) {
    return `${call.name}() runs SQL that is handed to it as text`;
  }
  return null;
}

function relationName(node: Readonly<Record<string, unknown>>): string {
  const relation: unknown = node["relation"];
  return isRecord(relation) && typeof relation["relname"] === "string" ? relation["relname"] : "";
}

function copyRefusal(node: Readonly<Record<string, unknown>>): string | null {
  if (node["is_program"] === true) return "COPY … PROGRAM runs a program on the server";
  return node["is_from"] !== true && typeof node["filename"] === "string"
    ? "COPY … TO writes a file of the server"
    : null;
}

function isCronJob(relation: unknown): boolean {
  return isRecord(relation) && relation["schemaname"] === "cron" && relation["relname"] === "job";
}

function statementRefusal({ tag, node }: TreeStatement): string | null {
  if (!isRecord(node)) return null;
  if (tag === "CopyStmt") return copyRefusal(node);
  if (tag === "LoadStmt") return "LOAD runs the code of a library";
  if (/^(?:Insert|Update|Merge)Stmt$/.test(tag) && isCronJob(node["relation"]))
    return "pg_cron runs what is written there";
  if (tag === "UpdateStmt" && relationName(node) === "pg_settings") {
    return "changes settings through pg_settings: which, cannot be told from the text";
  }
  return null;
}

/** All reasons why a statement's tree cannot be trusted to say what runs, calls apart. */
export function treeRefusals(content: TreeContent): readonly string[] {
  const reasons = [...content.statements.map(statementRefusal), ...content.settings.map(refuseSetting)];
  return reasons.filter((reason) => reason !== null);
}

/**
 * A plain literal with a backslash before a quote reads otherwise where a role's default has standard_conforming_strings
 * off, and that is not in the file. An even number of backslashes ends at the same place either way.
 */
export function isAmbiguousLiteral(text: string, token: Token): boolean {
  if (token.kind !== "string") return false;
  const body = text.slice(token.start, token.end);
  return body.includes("\\'") && /(?<!\\)(?:\\\\)*\\'/.test(body);
}
