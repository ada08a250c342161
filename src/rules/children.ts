import type { ForeignKey, QualifiedName, RunState, SubjectHit } from "../model/rule.ts";
import { isNewHere, shown } from "./names.ts";

/**
 * What a loss of rows of `parent` does to the tables whose foreign keys the run has shown: with ON DELETE CASCADE their rows
 * go too, and so on. Children made in this text have nothing to lose.
 */
export function childHits(parent: QualifiedName, state: RunState): readonly SubjectHit[] {
  return walk(parent, state, ({ onDelete }) => onDelete).flatMap(({ key, fate }) => {
    if (fate === "refuses") return [];
    return fate === "deletes" ? [goesWith(key)] : [emptied(key)];
  });
}

/** The same of TRUNCATE … CASCADE, which asks no foreign key what it says. */
export function truncatedChildHits(parent: QualifiedName, state: RunState): readonly SubjectHit[] {
  return walk(parent, state, () => "deletes").map(({ key }) => ({
    subject: shown(key.child),
    why: `every row of it goes with those of ${shown(key.parent)}, which it refers to; only a restore brings them back`,
  }));
}

type Fate = ForeignKey["onDelete"];

interface Reached {
  readonly key: ForeignKey;
  readonly fate: Fate;
}

/** Foreign keys by way of which the loss spreads, each table once. */
function walk(parent: QualifiedName, state: RunState, fateOf: (key: ForeignKey) => Fate): readonly Reached[] {
  const reached: Reached[] = [];
  const seen = new Set([shown(parent)]);
  const open = [parent];
  for (let table = open.pop(); table !== undefined; table = open.pop()) {
    for (const key of state.referencesTo(table)) {
      const name = shown(key.child);
      if (seen.has(name) || isNewHere(key.child, state)) continue;
      seen.add(name);
      reached.push({ key, fate: fateOf(key) });
      if (fateOf(key) === "deletes") open.push(key.child);
    }
  }
  return reached;
}

function goesWith({ child, parent }: ForeignKey): SubjectHit {
  return {
    subject: shown(child),
    hazard: "data-loss",
    why: `its rows go with those of ${shown(parent)} that they refer to (ON DELETE CASCADE); only a restore brings them back`,
    instead: "copy these rows too before, or change the foreign key to ON DELETE RESTRICT first",
  };
}

function emptied({ child, columns, parent }: ForeignKey): SubjectHit {
  return {
    subject: shown(child, columns.join(",")),
    hazard: "data-change",
    why: `forgets which row of ${shown(parent)} it referred to (ON DELETE SET NULL or DEFAULT); only a restore brings that back`,
    instead: "copy these values too before",
  };
}

/** "a, b, c and 2 more". */
export function listed(names: readonly string[]): string {
  const [few, rest] = [names.slice(0, 3), names.length - 3];
  return few.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
