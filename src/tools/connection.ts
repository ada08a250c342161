import type { Word } from "../model/run.ts";
import type { ToolConnection } from "../model/tool.ts";
import { variable, type WordText, wordText } from "../model/word.ts";

/** What a client was told about its connection; [] is not told. */
export interface ConnectionParts {
  readonly hosts: readonly Word[];
  readonly port: Word;
  readonly database: Word;
  readonly credentials: readonly Word[];
}

const nothing: ConnectionParts = { hosts: [], port: [], database: [], credentials: [] };

/** A URL (postgres://, jdbc:…://, mysql://, driver suffixes as in postgresql+psycopg://), null if the word is none. */
export function parseUrl(word: Word): ConnectionParts | null {
  const written = wordText(word);
  const scheme = /^(?:jdbc:)?(?:pgx\d?|postgres|postgresql|mysql|mariadb)(?:\+\w+)?:\/\//i.exec(written.text);
  if (scheme === null) return isWhollyUnknown(written.text) ? unknownEverywhere(word) : null;
  const [address = "", query = ""] = splitOnce(written.text.slice(scheme[0].length), "?");
  const [authority = "", path = ""] = splitOnce(address, "/");
  if (path.includes("@")) return unknownEverywhere([{ unknown: "an address with a / before its @" }]);
  const parameters = new Map(query.split("&").map((pair) => splitOnce(pair, "=")));
  const hosts = authority.slice(authority.lastIndexOf("@") + 1).split(",");
  const named = parameters.get("host");
  return {
    hosts: (named === undefined ? hosts : named.split(",")).map((host) => hostWord(host, written)).filter(isGiven),
    port: written.back(/:(\d+)$/.exec(hosts[0] ?? "")?.[1] ?? parameters.get("port") ?? ""),
    database: written.back(parameters.get("dbname") ?? path),
    credentials: [word],
  };
}

/** libpq's "host=… dbname=…", null if the word is none. */
function parseKeywords(word: Word): ConnectionParts | null {
  const written = wordText(word);
  const pairs = [...written.text.matchAll(/(\w+)\s*=\s*('(?:[^'\\]|\\.)*'|\S*)/g)];
  if (pairs.length === 0) return null;
  const values = new Map(pairs.map((pair) => [pair[1] ?? "", (pair[2] ?? "").replace(/^'(.*)'$/, "$1")]));
  const hosts = values.get("hostaddr") ?? values.get("host") ?? "";
  return {
    hosts: hosts
      .split(",")
      .map((host) => written.back(host))
      .filter(isGiven),
    port: written.back(values.get("port") ?? ""),
    database: written.back(values.get("dbname") ?? ""),
    credentials: [word],
  };
}

/** psql's and its siblings' connection: options, the database argument (name, URL or keywords), then PG* variables. */
export function libpqConnection(told: ConnectionParts, env: ReadonlyMap<string, Word>): ToolConnection {
  const elsewhere = told.hosts.length > 0 || isGiven(env.get("PGHOST") ?? []);
  const string = isPlainName(told.database, elsewhere) ? null : parseUrlOrKeywords(told.database);
  const [named = []] = told.credentials;
  const user = firstGiven(named, variable(env, "PGUSER"));
  const given = string ?? { ...nothing, database: told.database };
  const hosts = [given.hosts, told.hosts, [env.get("PGHOSTADDR") ?? []].filter(isGiven), [variable(env, "PGHOST")]];
  return {
    hosts: hosts.find((list) => list.length > 0)?.filter(isGiven) ?? [],
    port: firstGiven(given.port, told.port, env.get("PGPORT") ?? []),
    database: firstGiven(given.database, variable(env, "PGDATABASE"), user),
    credentials: [...given.credentials, user, variable(env, "PGPASSWORD"), variable(env, "PGPASSFILE")].filter(isGiven),
  };
}

/** A whole-URL argument or variable as a connection. */
export function urlConnection(word: Word): ToolConnection {
  return parseUrl(word) ?? parseKeywords(word) ?? { ...nothing, credentials: [word].filter(isGiven) };
}

export function isGiven(word: Word): boolean {
  return word.length > 0 && !(word.length === 1 && word[0] === "");
}

export function firstGiven(...words: readonly Word[]): Word {
  return words.find(isGiven) ?? [];
}

function parseUrlOrKeywords(word: Word): ConnectionParts | null {
  if (!isGiven(word)) return null;
  return parseUrl(word) ?? (wordText(word).text.includes("=") ? parseKeywords(word) : null);
}

/** An unknown value where the host is said elsewhere: a name, unless whoever named its source called it a URL. */
function isPlainName(word: Word, elsewhere: boolean): boolean {
  const [part] = word;
  if (word.length !== 1 || part === undefined || typeof part === "string") return false;
  return elsewhere && !/ur[il]|dsn|conn/i.test(part.secret?.key ?? part.unknown);
}

/** One unknown value as a whole may be a name or a URL, so every part is it. */
function unknownEverywhere(word: Word): ConnectionParts {
  return { hosts: [word], port: [], database: word, credentials: [word] };
}

function isWhollyUnknown(text: string): boolean {
  return /^[\uE000-\uF8FF]$/.test(text);
}

function hostWord(host: string, written: WordText): Word {
  return written.back(host.replace(/^(\[[^\]]*\]|[^:]*):\d*$/, "$1").replace(/:[\uE000-\uF8FF]$/, ""));
}

function splitOnce(text: string, separator: string): [string, string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ""] : [text.slice(0, at), text.slice(at + separator.length)];
}
