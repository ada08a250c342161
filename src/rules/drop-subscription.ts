import type { AlterSubscriptionStmt, Node } from "@pgsql/types";
import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";

export const dropSubscription: Rule = {
  id: "drop-subscription",
  title: "Stop or drop a subscription",
  hazard: "recoverability",
  phase: "contract",
  why: "changes of the publisher no longer arrive; without its slot, those of the meantime never will",
  instead: "check first that nothing reads the replicated tables; DISABLE and the slot can be undone, DROP cannot",
  bad: [
    "DROP SUBSCRIPTION mirror;",
    "ALTER SUBSCRIPTION mirror DISABLE;",
    "ALTER SUBSCRIPTION mirror SET (slot_name = NONE);",
    "ALTER SUBSCRIPTION mirror DROP PUBLICATION p;",
  ],
  good: ["ALTER SUBSCRIPTION mirror ENABLE;", "ALTER SUBSCRIPTION mirror REFRESH PUBLICATION;"],
  check(statement) {
    if (isTagged(statement, "DropSubscriptionStmt")) return [{ subject: statement.node.subname ?? "" }];
    if (!isTagged(statement, "AlterSubscriptionStmt") || !weakens(statement.node)) return [];
    return [{ subject: statement.node.subname ?? "" }];
  },
};

function weakens({ kind, options = [] }: AlterSubscriptionStmt): boolean {
  const drops = kind === "ALTER_SUBSCRIPTION_DROP_PUBLICATION" || kind === "ALTER_SUBSCRIPTION_SET_PUBLICATION";
  return drops || options.some(switchesOff);
}

/** `enabled` false, or `slot_name` none: the grammar gives the first as a Boolean, the second as a string. */
function switchesOff(option: Node): boolean {
  if (!("DefElem" in option)) return false;
  const { defname, arg } = option.DefElem;
  if (arg === undefined) return false;
  if (defname === "enabled") return "Boolean" in arg && arg.Boolean.boolval !== true;
  return defname === "slot_name" && "String" in arg && arg.String.sval?.toLowerCase() === "none";
}
