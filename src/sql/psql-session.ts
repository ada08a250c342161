import type { SqlText } from "../model/sql.ts";
import { limits } from "./limits.ts";
import type { ScriptEvent } from "./script.ts";

/** What a psql session knows while it reads a script and the files it includes. */
export interface PsqlSession {
  readonly events: ScriptEvent[];
  /** null: set, to something not known here */
  readonly variables: Map<string, string | null>;
  readonly includes: SqlText["includes"];
  stopsOnError: boolean;
  /** ON_ERROR_ROLLBACK: an error in a transaction does not end it */
  continuesInTransaction: boolean;
  /** names set inside each open \if */
  readonly branches: Set<string>[];
  /** \cd: relative paths lead elsewhere */
  hasMoved: boolean;
  /** bytes that variables and includes may still add: both can double what they name */
  budget: number;
  /** files that may still be included: without a bound, sixteen files of two lines each are 65,536 */
  files: number;
}

const mostIncludes = 1000;

/** A session at the start of its script. */
export function startSession(text: SqlText): PsqlSession {
  return {
    events: [],
    variables: new Map(Object.entries(text.variables)),
    includes: text.includes,
    stopsOnError: text.stopsOnError,
    continuesInTransaction: false,
    branches: [],
    hasMoved: false,
    budget: limits.requestBytes,
    files: mostIncludes,
  };
}

/** False once variables or includes have added more than a request may hold. */
export function spend(session: PsqlSession, bytes: number): boolean {
  session.budget -= bytes;
  return session.budget >= 0;
}

/** psql takes unique prefixes of these words. */
function isOn(value: string): boolean {
  return /^(?:|on|1|t|tr|tru|true|y|ye|yes)$/i.test(value);
}

/** Variables that change what runs, not only what is shown. */
const special = new Set(["ON_ERROR_STOP", "ON_ERROR_ROLLBACK", "AUTOCOMMIT", "SINGLELINE", "SINGLESTEP"]);

/** \set: true if it changes execution. In a branch that may not be taken only what makes things worse counts. */
export function setVariable(session: PsqlSession, name: string, value: string | null): boolean {
  const isInBranch = session.branches.length > 0;
  session.branches.at(-1)?.add(name);
  session.variables.set(name, value);
  if (!special.has(name)) return false;
  const isSet = value !== null && isOn(value);
  if (name === "ON_ERROR_STOP") session.stopsOnError = isSet && (!isInBranch || session.stopsOnError);
  if (name === "ON_ERROR_ROLLBACK")
    session.continuesInTransaction = value === null || !/^(?:off|0|f.*|n.*)$/i.test(value);
  return true;
}

/** The end of a branch: what it set may be set or not. */
export function endBranch(session: PsqlSession): void {
  for (const name of session.branches.pop() ?? []) {
    session.variables.set(name, null);
    session.branches.at(-1)?.add(name);
  }
}

/** Path of an included file among the known texts, null when it is not in sight. */
export function findInclude(
  session: PsqlSession,
  path: string,
  directory: string,
): { readonly path: string; readonly text: string } | null {
  const isRelative = !path.startsWith("/");
  if (isRelative && session.hasMoved) return null;
  for (const candidate of [path, normalize(path), ...(isRelative ? [normalize(directory + path)] : [])]) {
    const text = Object.hasOwn(session.includes, candidate) ? session.includes[candidate] : undefined;
    if (text !== undefined) return { path: candidate, text };
  }
  return null;
}

/** "a/./b/../c" as "a/c". */
function normalize(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "." || (part === "" && parts.length > 0)) continue;
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else parts.push(part);
  }
  return parts.join("/");
}
