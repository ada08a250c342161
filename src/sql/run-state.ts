import type { KnownPart, QualifiedName, RunState } from "../model/rule.ts";
import { noteEmptyCheck } from "./empty-tables.ts";
import { isRecord } from "./parse.ts";
import { createRunHistory } from "./run-history.ts";
import {
  columnKey,
  copyMemory,
  emptyMemory,
  isMade,
  type Memory,
  rangeName,
  resolved,
  type Standing,
  tableKey,
} from "./run-memory.ts";
import { objectKeys } from "./run-objects.ts";
import { applyStatement } from "./statement-effects.ts";
import type { TreeStatement } from "./tree.ts";

/** RunState that is fed the statements of a run one by one, in order. */
export interface TrackedState extends RunState {
  startText(start: TextStart): void;
  /** a statement ran, after the rules have seen it */
  apply(statement: TreeStatement, standing: Standing): void;
  /** nothing made before is known any more: another server */
  forget(): void;
  /** a body starts, in a transaction of its own if none is open; call what it answers when it ends */
  startBlock(): () => void;
  /** what follows runs only if this condition (as a SELECT) was false: an exception ends everything otherwise */
  passedCheck(condition: string): void;
  /** what follows runs only while the migration of this id is pending (null: always) */
  enter(migration: string | null): void;
}

interface TextStart {
  /** its tool opened a transaction around it */
  readonly open: boolean;
  /** it rolls something back, on the one connection that all of it runs on */
  readonly rollsBack: boolean;
}

interface Savepoint {
  readonly name: string;
  readonly memory: Memory;
}

/** The whole of a state: what is known always, and what is known inside the guard of each pending migration. */
interface Known {
  base: Memory;
  readonly guarded: Map<string, Memory>;
  current: string | null;
  rollsBack: boolean;
  savepoints: Savepoint[];
}

function inForce(known: Known): Memory {
  return (known.current === null ? undefined : known.guarded.get(known.current)) ?? known.base;
}

/** BEGIN and SAVEPOINT keep what is known for the way back; without a sure way back a ROLLBACK leaves nothing known. */
function followTransaction(known: Known, node: Readonly<Record<string, unknown>>): void {
  const kind = String(node["kind"]);
  const name = String(node["savepoint_name"] ?? "");
  if (kind === "TRANS_STMT_SAVEPOINT" && known.savepoints.length > 0) keep(known, name);
  else if (/_(?:BEGIN|START)$/.test(kind) && known.savepoints.length === 0) keep(known, "");
  else if (kind === "TRANS_STMT_ROLLBACK_TO")
    goBack(
      known,
      known.savepoints.findLastIndex((point) => point.name === name),
    );
  else if (kind === "TRANS_STMT_ROLLBACK") {
    goBack(known, known.savepoints.length > 0 ? 0 : -1);
    startAnew(known, node["chain"] === true);
  } else if (/_(?:COMMIT|PREPARE)$/.test(kind)) startAnew(known, node["chain"] === true);
}

function startAnew(known: Known, isChained: boolean): void {
  known.savepoints = [];
  if (isChained) keep(known, "");
}

const mostSavepoints = 64;

function keep(known: Known, name: string): void {
  if (known.rollsBack && known.savepoints.length < mostSavepoints)
    known.savepoints.push({ name, memory: copyMemory(known.base) });
}

function goBack(known: Known, index: number): void {
  const point = known.savepoints[index];
  known.guarded.clear();
  known.base = point === undefined ? { ...emptyMemory(), open: known.base.open } : copyMemory(point.memory);
  known.savepoints.length = index + 1;
}

function partsOn({ attached, definitions }: Memory, table: string, kind: string): KnownPart[] {
  return [...(attached.get(table) ?? [])].flatMap((key) => {
    const definition = key.startsWith(`${kind}\0`) ? definitions.get(key) : undefined;
    return definition === undefined ? [] : [{ ...definition, name: definition.shown }];
  });
}

function questions(known: Known): Omit<RunState, "history"> {
  const memory = () => inForce(known);
  const column = (table: QualifiedName, name: string) => columnKey(resolved(memory(), table), name);
  const keysOf = (kind: string, name: QualifiedName, part = "") => objectKeys(memory(), { kind, name, part });
  return {
    createdHere: (name) => isMade(memory(), name),
    columnAddedInRun: (table, name) => isMade(memory(), table) || memory().columns.has(column(table, name)),
    isProvenEmpty: (table) => memory().locked.get(tableKey(resolved(memory(), table))) === true,
    columnType: (table, name) => memory().types.get(column(table, name)) ?? null,
    madeHere: (kind, name, part) => keysOf(kind, name, part).some((key) => memory().made.has(key)),
    definition: (kind, name, part) =>
      keysOf(kind, name, part)
        .map((key) => memory().definitions.get(key)?.node)
        .find((node) => node !== undefined) ?? null,
    definitionsOn: (table, kind) => partsOn(memory(), tableKey(resolved(memory(), table)), kind),
    isNotNull: (table, name) => memory().notNull.has(column(table, name)),
    columnsOfType: ({ schema, name }) =>
      [...memory().types]
        .filter(([, type]) => [name, `${schema}.${name}`].includes(type.replaceAll("[]", "")))
        .map(([key]) =>
          key
            .split("\0")
            .filter((part) => part !== "")
            .join("."),
        ),
    referencesTo: ({ schema, name }) =>
      (memory().references.get(name) ?? []).filter(
        ({ parent }) => schema === "" || parent.schema === "" || parent.schema === schema,
      ),
  };
}

function startBlock(memory: Memory): () => void {
  const wasOpen = memory.open;
  memory.open = true;
  return () => {
    memory.open = wasOpen;
    if (wasOpen) return;
    memory.locked.clear();
    for (const [key, vanishes] of memory.tables) if (vanishes) memory.tables.delete(key);
  };
}

/** What a guard lets through may differ from one to the next once the history it asks has been changed. */
function changesHistory({ tag, node }: TreeStatement): boolean {
  const range = isRecord(node) ? rangeName(node["relation"]) : null;
  return tag !== "InsertStmt" && range?.name === "__EFMigrationsHistory";
}

/** State of a run at its start: nothing is known. */
export function createRunState(): TrackedState {
  const known: Known = { base: emptyMemory(), guarded: new Map(), current: null, rollsBack: false, savepoints: [] };
  const history = createRunHistory();
  return {
    history,
    ...questions(known),
    startText({ open, rollsBack }) {
      history.startText(open);
      const { base } = known;
      known.base = { ...base, tables: new Map(), made: new Set(), path: null, isPathLocal: false, open };
      known.guarded.clear();
      known.rollsBack = rollsBack;
      known.savepoints = [];
      if (open) keep(known, "");
    },
    apply(statement, standing) {
      history.apply(statement);
      if (changesHistory(statement)) known.guarded.clear();
      if (statement.tag === "TransactionStmt" && isRecord(statement.node)) followTransaction(known, statement.node);
      const others = [known.base, ...known.guarded.values()].filter((memory) => memory !== inForce(known));
      for (const memory of others) applyStatement(memory, statement, known.current === null ? standing : "perhaps");
      applyStatement(inForce(known), statement, standing);
    },
    forget() {
      history.forget();
      known.base = emptyMemory();
      known.guarded.clear();
    },
    startBlock: () => startBlock(inForce(known)),
    passedCheck(condition) {
      noteEmptyCheck(inForce(known), condition);
    },
    enter(migration) {
      known.current = migration;
      if (migration !== null && !known.guarded.has(migration)) known.guarded.set(migration, copyMemory(known.base));
    },
  };
}
