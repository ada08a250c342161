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

/** What happened before this statement in the file and the run, as far as it can be trusted. */
export interface RunState {
  /** created earlier in this same text, where an error stops the run: without IF NOT EXISTS, or temporary */
  createdHere(name: QualifiedName): boolean;
  /** column added earlier in this run by ADD COLUMN without IF NOT EXISTS, or in a table for which createdHere holds */
  columnAddedInRun(table: QualifiedName, column: string): boolean;
  /** in this text, the column becomes NOT NULL later or has just been added: backfilling nulls is part of adding it */
  becomesNotNull(table: QualifiedName, column: string): boolean;
  /** type of a column as written earlier in the run ("varchar(20)"), null when never seen */
  columnType(table: QualifiedName, column: string): string | null;
  readonly history: RunHistory;
}

/** What earlier statements of the run, or of its open transaction, are known to have done. */
export interface RunHistory {
  /** node of the CREATE statement of a function or index, as an earlier statement wrote it; undefined when never seen */
  definition(tag: "CreateFunctionStmt" | "IndexStmt", name: QualifiedName): unknown;
  /** an earlier statement added CHECK (column IS NOT NULL) to the table */
  hasNotNullCheck(table: QualifiedName, column: string): boolean;
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
}
