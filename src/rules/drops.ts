import type { Node, ObjectType } from "@pgsql/types";
import type { RunState, Statement, SubjectHit } from "../model/rule.ts";
import { isNewHere, nameParts, qualifiedName, shown } from "./names.ts";
import { isTagged, typeText } from "./nodes.ts";
import { unlessRemade } from "./remade.ts";

/** What one DROP statement names, and whether it takes dependents with it. */
export interface Drop {
  readonly kind: ObjectType;
  readonly objects: readonly Node[];
  readonly cascade: boolean;
}

/** The statement as a DROP of one of these kinds; null if it is anything else. */
export function dropOf(statement: Statement, ...kinds: readonly ObjectType[]): Drop | null {
  if (!isTagged(statement, "DropStmt")) return null;
  const { removeType: kind, objects = [], behavior } = statement.node;
  if (kind === undefined || !kinds.includes(kind)) return null;
  return { kind, objects, cascade: behavior === "DROP_CASCADE" };
}

/** One hit for each thing dropped that was there before this text; with CASCADE it is the loss of unknown dependents. */
export function dropHits(statement: Statement, state: RunState, ...kinds: readonly ObjectType[]): SubjectHit[] {
  const drop = dropOf(statement, ...kinds);
  if (drop === null) return [];
  return drop.objects
    .filter((object) => !isMadeHere(drop.kind, object, state) || (drop.cascade && !tables.has(drop.kind)))
    .map((object) => shown(qualifiedName(nameParts(object))))
    .map((subject) => (drop.cascade ? cascadeHit(subject) : { subject }));
}

/**
 * True for an object that this text has made, and whatever is in the session's own schema. CASCADE may still take what was
 * there before and has been made to hang on it since: a view or trigger that was replaced, a default.
 */
export function isMadeHere(kind: ObjectType, object: Node, state: RunState): boolean {
  const name = qualifiedName(nameParts(object));
  if (name.schema === "pg_temp") return true;
  return tables.has(kind) ? state.createdHere(name) : state.madeHere(kind, name, argumentsOf(object));
}

/** "(int4,text)" of DROP FUNCTION f(int, text), "" where it names no arguments. */
function argumentsOf(object: Node): string {
  if (!("ObjectWithArgs" in object) || object.ObjectWithArgs.args_unspecified === true) return "";
  const types = (object.ObjectWithArgs.objargs ?? []).map((type) =>
    "TypeName" in type ? typeText(type.TypeName) : "",
  );
  return `(${types.join(",")})`;
}

const tables: ReadonlySet<ObjectType> = new Set(["OBJECT_MATVIEW", "OBJECT_TABLE"]);

/**
 * A hit of DROP … CASCADE on a thing that holds no rows itself. Its dependents are not known here, and PostgreSQL lets
 * columns, materialized views and even tables (partition keys, row types) be among them.
 */
export function cascadeHit(subject: string): SubjectHit {
  return {
    subject,
    hazard: "data-loss",
    why: "CASCADE also deletes whatever depends on it, columns and materialized views included, and that cannot be seen here",
    instead: "drop each dependent by name first, then this one without CASCADE",
  };
}

/** dropHits of things that the same text may make again; with CASCADE what hung on them is gone all the same. */
export function remadeHits<Made extends object>(
  statement: Statement,
  state: RunState,
  kind: ObjectType,
  replaced: (hit: SubjectHit, before: Made | null, after: Made) => SubjectHit | null,
): SubjectHit[] {
  const drop = dropOf(statement, kind);
  return (drop?.objects ?? []).flatMap((object) => {
    const [name, part] = [qualifiedName(nameParts(object)), argumentsOf(object)];
    if (drop?.cascade && (!tables.has(kind) || !isMadeHere(kind, object, state))) return [cascadeHit(shown(name))];
    if (isMadeHere(kind, object, state)) return [];
    const hit = { subject: shown(name) };
    return [unlessRemade<Made>(hit, { kind, name, part }, state, (before, after) => replaced(hit, before, after))];
  });
}

/** The same for what hangs on a table (trigger, policy, rule: the table's name comes first). Nothing depends on these. */
export function attachedHits<Made extends object>(
  statement: Statement,
  state: RunState,
  kind: ObjectType,
  replaced: (hit: SubjectHit, before: Made | null, after: Made) => SubjectHit | null,
): SubjectHit[] {
  const parts = dropOf(statement, kind)?.objects.map(nameParts) ?? [];
  return parts.flatMap((path) => {
    const [name, part] = [qualifiedName(path.slice(0, -1)), path.at(-1) ?? ""];
    if (isNewHere(name, state) || state.madeHere(kind, name, part)) return [];
    const hit = { subject: path.join(".") };
    return [unlessRemade<Made>(hit, { kind, name, part }, state, (before, after) => replaced(hit, before, after))];
  });
}
