import type { Rule } from "../model/rule.ts";
import { isTagged } from "./nodes.ts";

export const copyProgram: Rule = {
  id: "copy-program",
  title: "Run a program on the database server",
  hazard: "opaque",
  phase: "migrate",
  why: "runs a shell command as the server's own user, which can do anything to its files; what it does cannot be seen here",
  instead: "do it outside the database, in a step that can be read",
  bad: ["COPY app.notes FROM PROGRAM 'cat /tmp/notes';", "COPY (SELECT 1) TO PROGRAM 'cat';"],
  good: ["COPY app.notes TO STDOUT;", "COPY app.notes (id, body) FROM STDIN;"],
  check(statement) {
    if (!isTagged(statement, "CopyStmt") || !statement.node.is_program) return [];
    return [{ subject: "COPY … PROGRAM", survivesRollback: true }];
  },
};
