import type { EvidenceKind } from "../model/evidence.ts";

const annotation = "migration-gate.dev/rollback-owner";

/** Who brings the previous release back if need be: a team or a mail address, said by the run's author. */
export const rollbackOwner: EvidenceKind = {
  id: "rollback-owner",
  title: "Rollback owner",
  proves: "the author has named the team or person who brings the previous release back",
  obtain: `the annotation ${annotation}: a team or a mail address`,
  verify({ units }, { annotations }) {
    const value = annotations[annotation];
    if (value !== undefined && /^[\p{L}\p{N}@#][\p{L}\p{N}@#._+/ -]{0,252}$/u.test(value)) {
      return { holds: true, proof: `rollback owner ${value}` };
    }
    const reason =
      value === undefined
        ? "nobody is named who brings the previous release back"
        : "the annotation is no team or mail address";
    const digests = units.map(({ digest }) => digest);
    return {
      holds: false,
      missing: { evidence: "rollback-owner", reason, remedy: `${annotation}: <team or mail>`, atSync: false, digests },
    };
  },
};
