import { optionSyntax } from "./arguments.ts";
import { serverUtility } from "./server-utility.ts";

/** createuser: makes a role. */
export const createuser = serverUtility({
  id: "createuser",
  syntax: optionSyntax(
    "host:h port:p username:U connection-limit:c role:g member-of with-admin:a with-member:m valid-until:v",
    "echo:e createdb:d no-createdb:D encrypted:E inherit:i no-inherit:I interactive login:l no-login:L pwprompt:P createrole:r no-createrole:R superuser:s no-superuser:S replication bypassrls version:V help:? no-password:w password:W",
  ),
  destroys: false,
  opaque: [{ kind: "program", reason: "createuser makes a role whose rights are not judged here; write CREATE ROLE" }],
});
