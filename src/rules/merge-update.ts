import type { Rule } from "../model/rule.ts";
import { mergeHits } from "./merge-actions.ts";

export const mergeUpdate: Rule = {
  id: "merge-update",
  title: "Overwrite values by MERGE",
  hazard: "data-change",
  phase: "migrate",
  why: "overwrites values in the rows it matches; only a restore brings the old ones back",
  instead: "write into a new column, or copy the old values into a table of their own first",
  bad: [
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN MATCHED THEN UPDATE SET body = i.body;",
    "MERGE INTO app.notes n USING (VALUES (1)) i (id) ON true WHEN MATCHED THEN UPDATE SET body = 'x';",
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN NOT MATCHED BY SOURCE THEN UPDATE SET body = 'x';",
  ],
  good: [
    "MERGE INTO app.notes n USING app.incoming i ON n.id = i.id WHEN NOT MATCHED THEN INSERT (id) VALUES (i.id);",
    "CREATE TABLE scratch (id int, v int); INSERT INTO scratch VALUES (1, 1); MERGE INTO scratch USING app.incoming i ON scratch.id = i.id WHEN MATCHED THEN UPDATE SET v = 2;",
  ],
  check: (statement, state) =>
    mergeHits(statement, state, "CMD_UPDATE", "overwrites the old value in every row; only a restore brings them back"),
};
