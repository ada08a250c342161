import type { Constraint } from "@pgsql/types";
import type { QualifiedName, RunState } from "../model/rule.ts";
import { isNode } from "./remade.ts";
import { isUnenforced, notNullColumn } from "./weaker.ts";

/** The run has made and validated CHECK (c IS NOT NULL). */
export function isProvenNotNull(table: QualifiedName, column: string, state: RunState): boolean {
  const checks = state.definitionsOn(table, "OBJECT_TABCONSTRAINT").map(({ node }) => node);
  return checks.some(
    (check) =>
      isNode<Constraint>(check) &&
      notNullColumn(check) === column &&
      check.skip_validation !== true &&
      !isUnenforced(check),
  );
}
