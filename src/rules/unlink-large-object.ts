import type { Rule } from "../model/rule.ts";
import { systemCalls } from "./function-calls.ts";

export const unlinkLargeObject: Rule = {
  id: "unlink-large-object",
  title: "Delete or cut large objects",
  hazard: "data-loss",
  phase: "contract",
  why: "deletes the contents of large objects; only a restore brings them back",
  instead: "export them first, or keep them a release longer",
  bad: ["SELECT lo_unlink(4711);", "SELECT lo_truncate(lo_open(4711, 131072), 0);"],
  good: ["SELECT lo_get(4711);"],
  check: (statement) =>
    systemCalls(statement)
      .filter(({ name }) => name === "lo_unlink" || name === "lo_truncate" || name === "lo_truncate64")
      .map(({ name }) => ({ subject: name })),
};
