import type { Tool } from "../model/tool.ts";
import { optionSyntax, parseArguments } from "./arguments.ts";
import { libpqOptions, meaningfulNames } from "./libpq-options.ts";
import { stepWithoutSql } from "./simple-step.ts";

const syntax = optionSyntax(
  "host:h port:p username:U connection-limit:c role:g member-of with-admin:a with-member:m valid-until:v",
  "echo:e createdb:d no-createdb:D encrypted:E inherit:i no-inherit:I interactive login:l no-login:L pwprompt:P createrole:r no-createrole:R superuser:s no-superuser:S replication bypassrls version:V help:? no-password:w password:W",
);

/** createuser: makes a role. */
export const createuser: Tool = {
  id: "createuser",
  title: "createuser",
  dialect: "postgresql",
  images: [],
  binaries: ["createuser"],
  signatures: [],
  read: (call) => {
    const parsed = parseArguments(call.args, syntax);
    const names = new Set(parsed.options.map(({ name }) => name));
    if (names.has("version") || names.has("help")) return { kind: "harmless" };
    const [operand = []] = parsed.positional;
    return stepWithoutSql(call, {
      options: meaningfulNames(parsed),
      destroys: null,
      opaque: [
        { kind: "program", reason: "createuser makes a role whose rights are not judged here; write CREATE ROLE" },
      ],
      connection: libpqOptions(call, parsed, operand),
    });
  },
};
