import { isRecord } from "./parse.ts";
import { callRefusal } from "./refusals.ts";
import type { Call, TreeContent } from "./tree.ts";

/**
 * Functions that are known to run nothing but themselves: PostgreSQL's own (pg_proc of version 18, those that users call)
 * and those of the usual extensions that make or read values. What does harm by itself is refused or found by name
 * elsewhere.
 */
const families =
  /^(?:pg_|jsonb?_|has_|txid_|ts_|regexp_|sha\d|xml|xpath|percentile_|regr_|lo_|st_|postgis_|uuid_|uuidv|pgp_|time_bucket)/;

const names: ReadonlySet<string> = new Set(
  (
    "abs acldefault aclexplode acos age any_value area array_agg array_append array_cat array_dims array_fill array_length array_lower " +
    "array_ndims array_position array_positions array_prepend array_remove array_replace array_to_json array_to_string array_upper ascii " +
    "asin atan atan2 avg bit_and bit_count bit_length bit_or bit_xor bool_and bool_or btrim cardinality cbrt ceil ceiling center chr " +
    "clock_timestamp coalesce col_description concat concat_ws convert convert_from convert_to corr cos cosh cot count covar_pop " +
    "covar_samp crc32 crc32c cume_dist current_database current_query current_schema current_schemas current_setting current_user currval " +
    "cursor_to_xml database_to_xml date date_add date_bin date_part date_subtract date_trunc daterange decode degrees dense_rank div encode " +
    "erf every exp extract factorial first_value floor format format_type gcd gen_random_uuid generate_series generate_subscripts get_bit " +
    "get_byte get_current_ts_config greatest height host hostmask initcap inet_client_addr inet_server_addr int4range int8range is_normalized " +
    "isempty isfinite json_agg json_object justify_days justify_hours justify_interval lag last_value lastval lcm lead least left length " +
    "ln log log10 lower lower_inc lower_inf lpad ltrim make_date make_interval make_time make_timestamp make_timestamptz masklen max md5 min " +
    "min_scale mod mode netmask network nextval normalize now nth_value ntile num_nonnulls num_nulls numrange nullif obj_description octet_length " +
    "overlaps overlay parse_ident percent_rank phraseto_tsquery pi plainto_tsquery position pow power quote_ident quote_literal quote_nullable " +
    "query_to_xml radians random random_normal rank repeat replace reverse right round row_number row_security_active row_to_json rpad rtrim " +
    "scale session_user set_bit set_byte set_config set_masklen setseed setval setweight shobj_description sign sin sinh split_part sqrt " +
    "statement_timestamp stddev stddev_pop stddev_samp string_agg string_to_array string_to_table strip strpos substr substring sum table_to_xml " +
    "tan tanh text timeofday timezone to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass to_regnamespace " +
    "to_regoper to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp " +
    "translate trim_array trim_scale trunc tsrange tstzrange unicode_version unistr unnest upper upper_inc upper_inf user var_pop var_samp " +
    "variance version websearch_to_tsquery width_bucket cast bool int2 int4 int8 float4 float8 numeric interval timestamp timestamptz time bpchar varchar"
  ).split(" "),
);

/** Of extensions, in whatever schema they were put. */
const extensionNames: ReadonlySet<string> = new Set(
  (
    "crypt gen_salt digest hmac gen_random_bytes armor dearmor similarity word_similarity strict_word_similarity set_limit show_limit " +
    "show_trgm unaccent immutable_unaccent hstore akeys avals skeys svals each nlevel subpath ltree2text text2ltree levenshtein soundex " +
    "metaphone dmetaphone difference earth_distance ll_to_earth earth_box cube normal_rand cosine_distance l2_distance inner_product " +
    "addgeometrycolumn updategeometrysrid populate_geometry_columns find_srid create_hypertable create_distributed_hypertable add_dimension " +
    "set_chunk_time_interval create_distributed_table create_reference_table create_parent by_range by_hash add_compression_policy " +
    "add_columnstore_policy add_continuous_aggregate_policy add_reorder_policy gen_random_uuid nanoid ulid_generate uuid_nil"
  ).split(" "),
);

/** Whether a call does nothing that a rule or a refusal would not say. Names in another schema are somebody's own. */
function isKnownFunction({ schema, name }: Call): boolean {
  const isSystem = schema === "" || schema === "pg_catalog" || schema === "information_schema";
  if (isSystem && names.has(name)) return true;
  return extensionNames.has(name) || families.test(name);
}

/** Whatever runs its query at once. PERFORM and the expressions of bodies are SELECTs to the parser. */
const callsForEffect: ReadonlySet<string> = new Set([
  "InsertStmt",
  "UpdateStmt",
  "DeleteStmt",
  "MergeStmt",
  "CallStmt",
  "SelectStmt",
  "ExplainStmt",
  "CopyStmt",
  "PrepareStmt",
  "DeclareCursorStmt",
]);

/** CREATE TABLE AS. A materialized view's query has to be one that may be run again, so it only reads. */
function isNewTable(tag: string, node: unknown): boolean {
  return tag === "CreateTableAsStmt" && isRecord(node) && node["objtype"] !== "OBJECT_MATVIEW";
}

/** Calls that a statement makes for their effect, and whose effect is neither known nor refused by name. */
export function unprovenCalls(tag: string, { calls, statements }: TreeContent): readonly Call[] {
  if (!callsForEffect.has(tag) && !isNewTable(tag, statements[0]?.node)) return [];
  return calls.filter((call) => !isKnownFunction(call) && callRefusal(call) === null);
}
