import type { Word } from "../model/run.ts";
import { knownText, reasonOf, unknownsOf } from "../model/word.ts";
import type { Candidate } from "./candidate.ts";

/** The database a step reaches: "" and a reason when nothing says which. */
interface DatabaseName {
  readonly name: string;
  readonly reason: string;
}

/**
 * The name as written; else what the Secrets of the Cluster imply, if they agree. A name that comes from another place than
 * the Cluster's Secrets stays unknown: they imply nothing for it.
 */
export function databaseOf(written: Word, candidates: readonly Candidate[], namespace: string): DatabaseName {
  const text = knownText(written);
  if (text !== null && text !== "") return { name: text, reason: "" };
  const sources = unknownsOf(written).map((part) => `Secret ${namespace}/${part.secret?.name ?? ""}`);
  const implied = new Set(
    candidates
      .filter(({ by, database }) => database !== "" && (text !== null || sources.every((source) => source === by)))
      .map(({ database }) => database),
  );
  const [only] = implied;
  if (implied.size === 1 && only !== undefined) return { name: only, reason: "" };
  return { name: "", reason: text === null ? `its database is unknown: ${reasonOf(written)}` : "no database is named" };
}
