import type { EvidenceKind } from "../model/evidence.ts";
import { approval } from "./approval.ts";
import { recoveryPoint } from "./recovery-point.ts";
import { rollbackOwner } from "./rollback-owner.ts";
import { rollbackWindow } from "./rollback-window.ts";

/** Every kind of evidence, by id: one file each. Evidence that is not listed here is refused in policies. */
export const evidenceKinds: readonly EvidenceKind[] = [approval, recoveryPoint, rollbackOwner, rollbackWindow];
