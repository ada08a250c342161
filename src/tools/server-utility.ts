import type { Tool } from "../model/tool.ts";
import { displayWord } from "../model/word.ts";
import { type OptionSyntax, parseArguments } from "./arguments.ts";
import { libpqOptions, meaningfulNames } from "./libpq-options.ts";
import { stepWithoutSql } from "./simple-step.ts";

/** What sets one of PostgreSQL's small command-line utilities apart from the others. */
interface Utility {
  readonly id: string;
  readonly syntax: OptionSyntax;
  /** it removes what its operand names */
  readonly destroys: boolean;
  readonly opaque: Parameters<typeof stepWithoutSql>[1]["opaque"];
}

/** createdb, dropdb, createuser, dropuser: one statement each, made from options and one operand. */
export function serverUtility({ id, syntax, destroys, opaque }: Utility): Tool {
  return {
    ...{ id, title: id, dialect: "postgresql", images: [], binaries: [id], signatures: [] },
    read: (call) => {
      const parsed = parseArguments(call.args, syntax);
      const names = new Set(parsed.options.map(({ name }) => name));
      if (names.has("version") || names.has("help")) return { kind: "harmless" };
      const [operand = []] = parsed.positional;
      return stepWithoutSql(call, {
        options: meaningfulNames(parsed),
        destroys: destroys ? `${id} ${displayWord(operand)}`.trim() : null,
        opaque,
        connection: libpqOptions(call, parsed, operand),
      });
    },
  };
}
