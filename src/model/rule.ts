import type { Hazard, Phase } from "./sql.ts";

/** A name as PostgreSQL reads it: folded unless quoted, schema "" when not written. */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/**
 * One statement as rules see it. Writable CTEs, EXPLAIN, PREPARE, COPY, rules, DO bodies, function bodies and constant
 * EXECUTE strings have been taken apart before: each inner statement comes by itself, so a rule looks at one node only.
 */
export interface Statement {
  /** name of the parse node: "DropStmt", "AlterTableStmt", … (PostgreSQL grammar of libpg-query) */
  readonly tag: string;
  /** the node's content; typed as unknown here, narrowed by the rule with `@pgsql/types` */
  readonly node: unknown;
  readonly line: number;
  readonly column: number;
  /** masked, one line */
  readonly display: string;
  /** where it stands: in the text itself, or in a body that runs now (`do`), or may run later (`function`), or dynamic SQL */
  readonly within: "text" | "do" | "function" | "dynamic";
  /** names in dynamic SQL may be unknown: then a name part is this string */
}

/** Stands for a name that dynamic SQL puts in at run time. */
export const unknownName = "<unknown>";

/** A foreign key that some statement of the run makes, or may make. */
export interface ForeignKey {
  readonly name: string;
  readonly child: QualifiedName;
  readonly columns: readonly string[];
  readonly parent: QualifiedName;
  readonly parentColumns: readonly string[];
  /** what a deleted parent does to its children */
  readonly onDelete: "deletes" | "empties" | "refuses";
}

/** What happened before this statement in the file and the run, as far as it can be trusted. */
export interface RunState {
  /** created earlier in this same text, where an error stops the run: without IF NOT EXISTS, or temporary */
  createdHere(name: QualifiedName): boolean;
  /** this transaction has locked the table and found no row in it, or would have ended */
  isProvenEmpty(name: QualifiedName): boolean;
  /** column added earlier in this run by ADD COLUMN without IF NOT EXISTS, or in a table for which createdHere holds */
  columnAddedInRun(table: QualifiedName, column: string): boolean;
  /** type of a column as written earlier in the run ("varchar(20)"), null when never seen */
  columnType(table: QualifiedName, column: string): string | null;
  readonly history: RunHistory;
  /**
   * createdHere for what is no table. `kind` is the grammar's ObjectType; a trigger, policy, rule or constraint goes by its
   * table's name and its own (`part`), a function by its name and "(int4,text)", or "" whatever its arguments.
   */
  madeHere(kind: string, name: QualifiedName, part?: string): boolean;
  /** the node of the statement, or the constraint, that made it last in this run, for sure; null if that is not known */
  definition(kind: string, name: QualifiedName, part?: string): unknown;
  /** constraints (OBJECT_TABCONSTRAINT) or indexes of a table that the run has made for sure */
  definitionsOn(table: QualifiedName, kind: string): readonly KnownPart[];
  /** the run has made the column NOT NULL, and it still is */
  isNotNull(table: QualifiedName, column: string): boolean;
  /** "table.column" of columns that the run made with this type */
  columnsOfType(type: QualifiedName): readonly string[];
  /** foreign keys that refer to this table, those that only may be there too */
  referencesTo(table: QualifiedName): readonly ForeignKey[];
}

/** A constraint or index of a table, with the columns it names. */
export interface KnownPart {
  readonly name: string;
  readonly columns: readonly string[];
  readonly node: unknown;
}

/** What earlier statements of the open transaction have done. */
export interface RunHistory {
  /** who opened the transaction this statement stands in: nobody, the tool around the text, or the text */
  transaction(): "none" | "tool" | "text";
  /** lock that an earlier ALTER TABLE of this transaction took on the table and still holds, null if none */
  lockHeld(table: QualifiedName): TableLock | null;
  /** values this transaction added to enums, each with its enum */
  readonly addedValues: ReadonlyMap<string, QualifiedName>;
}

/** Locks that stop writes; ACCESS EXCLUSIVE stops reads as well. */
export type TableLock = "SHARE ROW EXCLUSIVE" | "ACCESS EXCLUSIVE";

/** Catalogue entry: one SQL hazard, one file. A rule states a hazard; what it costs is policy's. */
export interface Rule {
  readonly id: string;
  readonly title: string;
  readonly hazard: Hazard;
  readonly phase: Phase;
  /** effect in the user's terms, one sentence, small letter first, no full stop */
  readonly why: string;
  /** the safe way, one line */
  readonly instead: string;
  /** SQL that must be flagged, run as a whole after the oracle's fixture schema */
  readonly bad: readonly string[];
  /** SQL close to it that must not be flagged by this rule */
  readonly good: readonly string[];
  check(statement: Statement, state: RunState): readonly SubjectHit[];
}

/** A rule's raw hit; hazard, phase and texts come from the rule unless the hit says otherwise. */
export interface SubjectHit {
  readonly subject: string;
  readonly hazard?: Hazard;
  readonly why?: string;
  readonly instead?: string;
  /** what it does stays done when its transaction is rolled back */
  readonly survivesRollback?: true;
  /** asked once the text has ended: the hit as it then stands, or null, for what is gone may have been made again */
  readonly settle?: (end: RunState) => SubjectHit | null;
  /** it stands only if this function is nowhere in sight (`unseen`), or is a trigger function that throws rows away (`discards`) */
  readonly onFunction?: { readonly name: string; readonly when: "unseen" | "discards" };
}
