import type { Tool } from "../model/tool.ts";
import { mysqlLetters, readMysqlClient } from "./mysql-client.ts";

/** The mysql client; the server's image runs what its arguments name. */
export const mysql: Tool = {
  id: "mysql",
  title: "mysql",
  dialect: "mysql",
  images: [{ repository: "docker.io/library/mysql", entrypoint: [] }],
  binaries: ["mysql"],
  signatures: [],
  letters: mysqlLetters,
  read: (call) => readMysqlClient(call, "mysql"),
};
