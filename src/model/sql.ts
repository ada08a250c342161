import type { Origin } from "./origin.ts";

export type Dialect = "postgresql" | "mysql" | "mariadb";

/** What kind of harm; `note` is none, only something worth knowing, and no policy can ask evidence for it. */
export const hazards = [
  "data-loss",
  "data-change",
  "recoverability",
  "compatibility",
  "availability",
  "integrity",
  "privilege",
  "opaque",
  "note",
] as const;
export type Hazard = (typeof hazards)[number];

export type Phase = "expand" | "migrate" | "contract";

/** What every marker starts with; see `SqlText.markers`. */
export const markerPrefix = "mg_hole_";

/** One SQL text of a run and how its tool feeds it to the server. Plain data: it crosses to a worker. */
export interface SqlText {
  readonly origin: Origin;
  readonly text: string;
  readonly dialect: Dialect;
  /** psql reads meta-commands and :variables; `plain` sends the text as it is */
  readonly client: "psql" | "plain";
  /** psql -v name=value, where known */
  readonly variables: Readonly<Record<string, string>>;
  /** texts that `\i` and `\ir` can reach, by path as written or resolved */
  readonly includes: Readonly<Record<string, string>>;
  /** an error ends the run here (ON_ERROR_STOP, tools that stop); false for plain psql */
  readonly stopsOnError: boolean;
  /** the tool wraps the text in one transaction (psql -1, most tools) */
  readonly singleTransaction: boolean;
  /** markers that stand for values unknown here; a marker is harmless only inside one string literal */
  readonly markers: readonly string[];
}

/** All texts of a run against one target, in the order they run. */
export interface SqlAnalysisRequest {
  readonly texts: readonly SqlText[];
}

export interface SqlAnalysis {
  readonly texts: readonly AnalyzedText[];
}

export interface AnalyzedText {
  readonly origin: Origin;
  /** statements as people may see them: one line, names kept, literals masked, comments gone */
  readonly statements: readonly { readonly display: string; readonly line: number; readonly kind: string }[];
  readonly hits: readonly RuleHit[];
  /** places that cannot be understood (dynamic SQL with an unknown verb, \gexec, unresolved includes, refused settings) */
  readonly opaque: readonly { readonly line: number; readonly reason: string }[];
  /** syntax errors and broken limits: the whole text counts as unreadable */
  readonly errors: readonly { readonly line: number; readonly message: string }[];
  /** sha256 (hex) of the canonical form v1: the scanner's tokens without comments and white space */
  readonly canonical: string;
  /** the settings in force when this text starts (role, search_path, …), canonical, part of the digest */
  readonly settings: readonly string[];
  /** schema is changed by it (any DDL), also when no rule has a word to say */
  readonly changesSchema: boolean;
}

/** One rule's hit on one statement. Names only, never literals. */
export interface RuleHit {
  readonly rule: string;
  readonly hazard: Hazard;
  readonly phase: Phase;
  /** what is hit: "users.phone" */
  readonly subject: string;
  /** the statement, masked, one line, at most 200 characters */
  readonly display: string;
  readonly line: number;
  readonly column: number;
  /** effect in the user's terms */
  readonly why: string;
  /** the safe way */
  readonly instead: string;
}
