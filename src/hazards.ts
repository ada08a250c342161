import type { Hazard } from "./model/sql.ts";

/** What each hazard means; docs/rules.md is printed from it. */
export const hazardTexts: Readonly<Record<Hazard, string>> = {
  "data-loss": "objects, columns or whole tables are gone, or may be through CASCADE",
  "data-change": "rows are deleted or values overwritten within a bound that is not always true",
  recoverability: "the way back is weakened: backups, archive, slots, replica identity",
  compatibility: "the running release breaks or loses sight of data",
  availability: "locks, rewrites or an outage",
  integrity: "guards are removed, or future writes are discarded",
  privilege: "rights are widened",
  opaque: "it cannot be read, so nobody can say what it does",
  note: "no harm by itself, but worth knowing; its price is allow or warn",
};
