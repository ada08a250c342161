import type { EvidenceKind } from "../model/evidence.ts";

const annotation = "migration-gate.dev/rollback-window";

/** How long after this run the previous release can still be brought back: a duration, said by the run's author. */
export const rollbackWindow: EvidenceKind = {
  id: "rollback-window",
  title: "Rollback window",
  proves: "the author has said for how long after the run the previous release can be brought back",
  obtain: `the annotation ${annotation}: a duration like 90s, 60m, 24h or 7d`,
  verify({ units }, { annotations }) {
    const value = annotations[annotation];
    if (value !== undefined && /^[1-9]\d{0,5}[smhd]$/.test(value)) {
      return { holds: true, proof: `rollback window ${value}` };
    }
    const reason =
      value === undefined
        ? "nobody says for how long the previous release can be brought back"
        : "the annotation is no duration like 60m, 24h or 7d";
    const digests = units.map(({ digest }) => digest);
    return {
      holds: false,
      missing: { evidence: "rollback-window", reason, remedy: `${annotation}: 24h`, atSync: false, digests },
    };
  },
};
