import type { Rule } from "../model/rule.ts";
import { dropColumn } from "./drop-column.ts";
import { dropSchema } from "./drop-schema.ts";
import { dropTable } from "./drop-table.ts";
import { dropView } from "./drop-view.ts";
import { truncate } from "./truncate.ts";

/** Every SQL rule, by id: one file each. A rule that is not listed here does not exist. */
export const rules: readonly Rule[] = [dropColumn, dropSchema, dropTable, dropView, truncate];
