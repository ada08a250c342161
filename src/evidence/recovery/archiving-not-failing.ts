import { textAt } from "../../model/fields.ts";
import type { ClusterCheck } from "./check.ts";
import { clusterText, conditionOf } from "./reading.ts";
import { takeBackup } from "./remedy.ts";

/** The condition only vetoes: it is written when a WAL file comes up, so True proves nothing about now. */
export const archivingNotFailing: ClusterCheck = {
  id: "archiving-not-failing",
  why: "ContinuousArchiving=False means that the last WAL file could not be archived; True proves nothing",
  check(context) {
    const condition = conditionOf(context.cluster, "ContinuousArchiving");
    if (condition === undefined || textAt(condition, "status") === "True") return null;
    return {
      reason: `${clusterText(context)} fails to archive WAL (condition ContinuousArchiving)`,
      remedy: takeBackup(context, "once archiving works again"),
    };
  },
};
