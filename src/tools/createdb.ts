import { optionSyntax } from "./arguments.ts";
import { serverUtility } from "./server-utility.ts";

/** createdb: makes an empty database. */
export const createdb = serverUtility({
  id: "createdb",
  syntax: optionSyntax(
    "host:h port:p username:U maintenance-db template:T tablespace:D encoding:E owner:O locale:l lc-collate lc-ctype strategy connection-limit:c",
    "echo:e force:f interactive:i if-exists version:V help:? no-password:w password:W",
  ),
  destroys: false,
  opaque: [],
});
