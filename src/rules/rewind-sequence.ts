import type { Node } from "@pgsql/types";
import type { QualifiedName, Rule, RunState, Statement, SubjectHit } from "../model/rule.ts";
import { alterations } from "./alterations.ts";
import { literal } from "./constants.ts";
import { systemCalls } from "./function-calls.ts";
import { isNewHere, qualifiedName, relationName, shown } from "./names.ts";
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
    "CREATE SEQUENCE app.fresh; SELECT setval('app.fresh', 7);",
    "CREATE TABLE app.fresh (id serial); SELECT setval('app.fresh_id_seq', 7);",
    "SELECT setval('app.ticket', (SELECT max(id) FROM app.orders));",
    "SELECT setval('app.ticket', (SELECT coalesce(max(id), 0) + 1 FROM app.orders));",
    "SELECT nextval('app.ticket');",
    "ALTER SEQUENCE app.ticket INCREMENT BY 2;",
    "ALTER SEQUENCE app.ticket NO CYCLE;",
  ],
  check(statement, state) {
    if (isTagged(statement, "AlterSeqStmt")) {
      const name = relationName(statement.node.sequence);
      const isNew = state.madeHere("OBJECT_SEQUENCE", name) || name.schema === "pg_temp";
      return restarts(statement.node.options) && !isNew ? [{ subject: shown(name) }] : [];
    }
    const columns = alterations(statement).filter(({ relation, action: { subtype, def } }) => {
      return subtype === "AT_SetIdentity" && restarts(listItems(def)) && !isNewHere(relation, state);
    });
    return [
      ...columns.map(({ relation, action }) => ({ subject: shown(relation, action.name) })),
      ...ofCalls(statement, state),
    ];
  },
};

/** setval() is done at once, and no rollback undoes it. */
function ofCalls(statement: Statement, state: RunState): readonly SubjectHit[] {
  return systemCalls(statement)
    .filter(({ name, args }) => name === "setval" && rewinds(args[1]) && !isNewSequence(args[0], state))
    .map(({ name }) => ({ subject: name, survivesRollback: true }));
}

/** 's', 'app.s', 'app."S"': a sequence made here, or that of a serial column of a table made here. */
function isNewSequence(node: Node | undefined, state: RunState): boolean {
  const text = literal(node !== undefined && "TypeCast" in node ? node.TypeCast.arg : node);
  const path = typeof text === "string" ? (text.match(/"[^"]+"|[^".]+/g) ?? []) : [];
  const name = qualifiedName(path.map((part) => (part.startsWith('"') ? part.slice(1, -1) : part.toLowerCase())));
  return state.madeHere("OBJECT_SEQUENCE", name) || isOfNewTable(name, state);
}

/** t_id_seq of a new table t: PostgreSQL's name for it, unless another sequence has that already. */
function isOfNewTable({ schema, name }: QualifiedName, state: RunState): boolean {
  const parts = name.replace(/_seq$/, "").split("_");
  return parts.some((_, index) => index > 0 && isNewHere({ schema, name: parts.slice(0, index).join("_") }, state));
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
