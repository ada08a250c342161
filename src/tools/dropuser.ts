import { optionSyntax } from "./arguments.ts";
import { serverUtility } from "./server-utility.ts";

/** dropuser: removes a role. */
export const dropuser = serverUtility({
  id: "dropuser",
  syntax: optionSyntax(
    "host:h port:p username:U maintenance-db template:T tablespace:D encoding:E owner:O locale:l lc-collate lc-ctype strategy connection-limit:c",
    "echo:e force:f interactive:i if-exists version:V help:? no-password:w password:W",
  ),
  destroys: true,
  opaque: [],
});
