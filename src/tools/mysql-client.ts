import type { Invocation, Opaque, Word } from "../model/run.ts";
import type { Dialect, SqlText } from "../model/sql.ts";
import type { ToolCall, ToolReading } from "../model/tool.ts";
import { knownText } from "../model/word.ts";
import { optionSyntax, type ParsedArguments, parseArguments, splittingArguments } from "./arguments.ts";
import { firstGiven, isGiven } from "./connection.ts";
import { type SqlHabit, sqlText } from "./sql-text.ts";

const syntax = optionSyntax(
  "execute:e host:h port:P user:u database:D socket:S protocol init-command default-character-set defaults-file defaults-extra-file defaults-group-suffix delimiter login-path ssl-ca ssl-mode connect-timeout max-allowed-packet tee pager",
  "force:f batch:B silent:s skip-column-names:N verbose:v version:V help:? raw:r table:t no-auto-rehash:A compress:C quick:q ssl wait:w password:p xml:X html:H line-numbers one-database:o no-beep:b no-defaults skip-ssl vertical:E",
);

/** "-p" alone asks for the password: what follows is the database. */
export const mysqlLetters = { valued: "hPuDS", sql: "e", secret: "p" };

/** mysql and mariadb, the clients: -e, or standard input. They stop at the first error unless told to go on. */
export function readMysqlClient(call: ToolCall, dialect: Dialect): ToolReading {
  const parsed = parseArguments(withoutPassword(call.args), syntax);
  const names = new Set(parsed.options.map(({ name }) => name));
  if (names.has("version") || names.has("help")) return { kind: "harmless" };
  const habit: SqlHabit = {
    dialect,
    client: "plain",
    stopsOnError: !names.has("force"),
    singleTransaction: false,
    variables: new Map(),
    includes: {},
  };
  const { sql, opaque } = readSql(call.invocation, parsed, habit);
  return {
    kind: "step",
    subcommand: null,
    destructive: null,
    options: [...names].filter((name) => name === "force" || name === "delimiter").toSorted(),
    sql,
    opaque: [...opaque, ...bends(parsed, call.invocation), ...splittingArguments(call.args, call.invocation.origin)],
    commands: [],
    connection: connectionOf(parsed, call.invocation.env),
  };
}

/** "-pSECRET" is a password, "-p" alone asks for one: neither has options behind it. */
function withoutPassword(args: readonly Word[]): readonly Word[] {
  return args.filter((word) => typeof word[0] !== "string" || !/^(-p|--password=)/.test(word[0]));
}

function readSql(
  invocation: Invocation,
  parsed: ParsedArguments,
  habit: SqlHabit,
): { readonly sql: readonly SqlText[]; readonly opaque: readonly Opaque[] } {
  const { stdin, origin } = invocation;
  const given = parsed.options.filter(({ name }) => name === "execute" || name === "init-command");
  const texts = given.map(({ value }) => sqlText(value, origin, habit));
  if (given.some(({ name }) => name === "execute") || stdin.kind === "none") return { sql: texts, opaque: [] };
  if (stdin.kind === "text") return { sql: [...texts, sqlText(stdin.text, stdin.origin, habit)], opaque: [] };
  const reason = `${habit.dialect} reads standard input: ${stdin.reason}`;
  return { sql: texts, opaque: [{ kind: "unreadable", reason, origin }] };
}

function bends(parsed: ParsedArguments, { origin }: Invocation): readonly Opaque[] {
  return parsed.options
    .filter(({ name }) => /^(defaults-|login-path|pager|tee)/.test(name))
    .map(({ name }) => ({ kind: "untrusted", reason: `--${name} may bring settings and commands of its own`, origin }));
}

function connectionOf(parsed: ParsedArguments, env: ReadonlyMap<string, Word>) {
  const value = (name: string): Word => parsed.options.findLast((option) => option.name === name)?.value ?? [];
  const hosts = [firstGiven(value("host"), env.get("MYSQL_HOST") ?? [])].filter(isGiven);
  return {
    hosts: hosts.filter((host) => knownText(host) !== ""),
    port: firstGiven(value("port"), env.get("MYSQL_TCP_PORT") ?? []),
    database: firstGiven(value("database"), parsed.positional[0] ?? []),
    credentials: [value("user"), env.get("MYSQL_PWD") ?? []].filter(isGiven),
  };
}
