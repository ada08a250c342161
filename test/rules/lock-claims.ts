import type { RuleHit } from "../../src/model/sql.ts";

/** What the words of availability findings claim: a lock by its level, a table written anew. */
export function claimsIn(hits: readonly RuleHit[]): readonly RegExp[] {
  const texts = hits.filter(({ hazard }) => hazard === "availability").map(({ why }) => why);
  return texts.flatMap((why) => {
    const [, level] = /\((ACCESS EXCLUSIVE|SHARE ROW EXCLUSIVE|EXCLUSIVE|SHARE) lock/.exec(why) ?? [];
    const lock = level === undefined ? [] : [new RegExp(`new lock \\d+ ${lockModes[level]}`)];
    return [...lock, ...(/^rewrites the table/.test(why) ? [/(changed|new|gone) filenode/] : [])];
  });
}

const lockModes: Readonly<Record<string, string>> = {
  "ACCESS EXCLUSIVE": "AccessExclusiveLock",
  EXCLUSIVE: "ExclusiveLock",
  "SHARE ROW EXCLUSIVE": "ShareRowExclusiveLock",
  SHARE: "ShareLock",
};
