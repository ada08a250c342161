import type { Node } from "@pgsql/types";
import type { Rule, Statement, SubjectHit } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { literal } from "./constants.ts";
import { systemCalls } from "./function-calls.ts";
import { isNewHere, relationName, shown } from "./names.ts";
import { isTagged, strings } from "./nodes.ts";
import { isOn, optionsOf } from "./options.ts";

/** setval to what a query says (max(id)) follows the rows; setval to a fixed number does not. */
export const rewindSequence: Rule = {
  id: "rewind-sequence",
  title: "Set a sequence to a fixed position, or let it start anew",
  hazard: "integrity",
  phase: "migrate",
  why: "numbers that rows use already can be handed out again: inserts fail, or rows of two things share a number",
  instead: "set it from the rows: SELECT setval('s', (SELECT max(id) FROM t))",
  bad: [
    "SELECT setval('app.ticket', 1);",
    "SELECT setval('app.ticket', (SELECT count(*) FROM app.orders));",
    "ALTER SEQUENCE app.ticket RESTART;",
    "ALTER SEQUENCE app.ticket RESTART WITH 7;",
    "ALTER TABLE app.users ALTER COLUMN id RESTART;",
    "ALTER SEQUENCE app.ticket CYCLE;",
  ],
  good: [
    "SELECT setval('app.ticket', (SELECT max(id) FROM app.orders));",
    "SELECT setval('app.ticket', (SELECT coalesce(max(id), 0) + 1 FROM app.orders));",
    "SELECT nextval('app.ticket');",
    "ALTER SEQUENCE app.ticket INCREMENT BY 2;",
    "ALTER SEQUENCE app.ticket NO CYCLE;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterSeqStmt")) {
      const name = relationName(statement.node.sequence);
      return restarts(statement.node.options) && !isNewHere(name, state) ? [{ subject: shown(name) }] : [];
    }
    const columns = alterations(statement).filter(({ relation, action: { subtype, def } }) => {
      return subtype === "AT_SetIdentity" && restarts(listItems(def)) && !isNewHere(relation, state);
    });
    return [
      ...columns.map(({ relation, action }) => ({ subject: shown(relation, action.name) })),
      ...ofCalls(statement),
    ];
  },
};

function ofCalls(statement: Statement): readonly SubjectHit[] {
  return systemCalls(statement)
    .filter(({ name, args }) => name === "setval" && rewinds(args[1]))
    .map(({ name }) => ({ subject: name }));
}

/** A fixed number, or one that rows use already: their least, how many they are, something less than the greatest. */
function rewinds(value: Node | undefined): boolean {
  if (value === undefined) return false;
  if ("TypeCast" in value) return rewinds(value.TypeCast.arg);
  if ("CoalesceExpr" in value) return rewinds(value.CoalesceExpr.args?.[0]);
  if ("SubLink" in value) return rewinds(targetOf(value.SubLink.subselect));
  if ("FuncCall" in value) return /^(?:min|count)$/.test(strings(value.FuncCall.funcname).at(-1) ?? "");
  if ("A_Expr" in value) return strings(value.A_Expr.name).at(-1) === "-" || rewinds(value.A_Expr.lexpr);
  return literal(value) !== undefined;
}

function targetOf(query: Node | undefined): Node | undefined {
  const [target] = query !== undefined && "SelectStmt" in query ? (query.SelectStmt.targetList ?? []) : [];
  return target !== undefined && "ResTarget" in target ? target.ResTarget.val : undefined;
}

/** CYCLE starts anew by itself once the end is reached. */
function restarts(options: readonly Node[] | undefined): boolean {
  return optionsOf(options).some((option) => {
    return option.defname === "restart" || (option.defname === "cycle" && isOn(option));
  });
}

function listItems(node: Node | undefined): readonly Node[] {
  return node !== undefined && "List" in node ? (node.List.items ?? []) : [];
}
