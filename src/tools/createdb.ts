import type { Tool } from "../model/tool.ts";
import { optionSyntax, parseArguments } from "./arguments.ts";
import { libpqOptions, meaningfulNames } from "./libpq-options.ts";
import { stepWithoutSql } from "./simple-step.ts";

const syntax = optionSyntax(
  "host:h port:p username:U maintenance-db template:T tablespace:D encoding:E owner:O locale:l lc-collate lc-ctype strategy connection-limit:c",
  "echo:e force:f interactive:i if-exists version:V help:? no-password:w password:W",
);

/** createdb: makes an empty database. */
export const createdb: Tool = {
  id: "createdb",
  title: "createdb",
  dialect: "postgresql",
  images: [],
  binaries: ["createdb"],
  signatures: [],
  read: (call) => {
    const parsed = parseArguments(call.args, syntax);
    const names = new Set(parsed.options.map(({ name }) => name));
    if (names.has("version") || names.has("help")) return { kind: "harmless" };
    const [operand = []] = parsed.positional;
    return stepWithoutSql(call, {
      options: meaningfulNames(parsed),
      destroys: null,
      opaque: [],
      connection: libpqOptions(call, parsed, operand),
    });
  },
};
