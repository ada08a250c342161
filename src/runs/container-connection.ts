import type { Word } from "../model/run.ts";
import type { ToolConnection } from "../model/tool.ts";
import { firstGiven, isGiven, libpqConnection, parseUrl } from "../tools/connection.ts";

const urlName = /(URL|URI|DSN|DBSTRING|CONNECTION|CONNECTION_STRING)$|^ConnectionStrings__/i;
const hostName = /^(\w+_)?(DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB)_?(HOST|HOSTNAME|SERVER)$/i;
const databaseName = /^(\w+_)?(DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB)(_NAME|NAME|_DATABASE|_DB)$/i;
const databasish =
  /DATABASE|DB|POSTGRES|PG|MYSQL|MARIADB|JDBC|DATASOURCE|FLYWAY|LIQUIBASE|SQLALCHEMY|DIRECT|ConnectionStrings/i;

/** What a container's variables say about its database: a URL, host and name in parts, or PG*. */
export function containerConnection(env: ReadonlyMap<string, Word>): ToolConnection {
  const urls = [...env].filter(([name, value]) => urlName.test(name) && databasish.test(name) && isGiven(value));
  const read = urls.flatMap(([, value]) => parseUrl(value) ?? []);
  const [first] = read;
  if (first !== undefined) return { ...first, hosts: read.flatMap(({ hosts }) => hosts) };
  const parts = [...env].filter(([name]) => hostName.test(name)).map(([, value]) => value);
  const names = [...env].filter(([name]) => databaseName.test(name)).map(([, value]) => value);
  return libpqConnection(
    { hosts: parts.filter(isGiven).slice(0, 1), port: [], database: firstGiven(...names), credentials: [] },
    env,
  );
}
