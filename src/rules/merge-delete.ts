import type { Rule } from "../model/rule.ts";
import { mergeHits } from "./merge-actions.ts";

export const mergeDelete: Rule = {
  id: "merge-delete",
  title: "Delete rows by MERGE",
  hazard: "data-change",
  phase: "migrate",
  why: "deletes the rows it matches, or those without a match; only a restore brings them back",
  instead: "copy the rows into a table of their own first, drop that one a release later",
  bad: [
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN MATCHED THEN DELETE;",
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN NOT MATCHED BY SOURCE THEN DELETE;",
    "MERGE INTO app.notes n USING (VALUES (1)) i (id) ON true WHEN MATCHED THEN DELETE;",
    "MERGE INTO app.notes n USING app.incoming i ON false WHEN NOT MATCHED BY SOURCE THEN DELETE;",
    "MERGE INTO app.notes n USING app.notes m ON n.id = m.id WHEN MATCHED AND 1 = 1 THEN DELETE;",
  ],
  good: [
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN NOT MATCHED THEN INSERT (id) VALUES (i.id);",
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN MATCHED AND false THEN DELETE;",
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN MATCHED THEN DO NOTHING;",
  ],
  check: (statement, state) =>
    mergeHits(statement, state, "CMD_DELETE", "deletes every row of the table; only a restore brings them back"),
};
