import type { Tool } from "../model/tool.ts";
import { displayWord } from "../model/word.ts";
import { optionSyntax, parseArguments } from "./arguments.ts";
import { libpqOptions, meaningfulNames } from "./libpq-options.ts";
import { stepWithoutSql } from "./simple-step.ts";

const syntax = optionSyntax(
  "dbname:d file:f format:F index:I jobs:j use-list:L schema:n exclude-schema:N function:P username:U role superuser:S table:t trigger:T host:h port:p section filter",
  "data-only:a clean:c create:C exit-on-error:e list:l schema-only:s no-owner:O no-privileges:x single-transaction:1 verbose:v version:V help:? no-password:w password:W if-exists no-acl disable-triggers enable-row-security no-comments no-publications no-security-labels no-subscriptions no-table-access-method no-tablespaces strict-names transaction-size",
);

/** pg_restore: --clean and --create drop what is there; without a database it only prints. */
export const pgRestore: Tool = {
  id: "pg-restore",
  title: "pg_restore",
  dialect: "postgresql",
  images: [],
  binaries: ["pg_restore"],
  signatures: [],
  read: (call) => {
    const parsed = parseArguments(call.args, syntax);
    const names = new Set(parsed.options.map(({ name }) => name));
    if (names.has("version") || names.has("help") || names.has("list") || !names.has("dbname"))
      return { kind: "harmless" };
    const archive = parsed.positional[0] ?? ["standard input"];
    const clean = ["clean", "create"].filter((name) => names.has(name)).map((name) => `--${name}`);
    return stepWithoutSql(call, {
      options: meaningfulNames(parsed),
      destroys: clean.length === 0 ? null : `pg_restore ${clean.join(" ")}`,
      opaque: [
        { kind: "unreadable", reason: `pg_restore loads ${displayWord(archive)}, an archive that is not read here` },
      ],
      connection: libpqOptions(call, parsed, []),
    });
  },
};
