import type { Tool } from "../model/tool.ts";
import { mysqlLetters, readMysqlClient } from "./mysql-client.ts";

/** The mariadb client; the server's image runs what its arguments name. */
export const mariadb: Tool = {
  id: "mariadb",
  title: "mariadb",
  dialect: "mariadb",
  images: [{ repository: "docker.io/library/mariadb", entrypoint: [] }],
  binaries: ["mariadb"],
  signatures: [],
  letters: mysqlLetters,
  read: (call) => readMysqlClient(call, "mariadb"),
};
