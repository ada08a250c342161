import { databaseAbsent } from "../../src/changes/database-absent.ts";
import { create, describeChange, object, remove, update } from "./requests.ts";

const database = (ensure?: string, owner = "app") =>
  object("Database", "reports", {
    spec: { cluster: { name: "app-postgres" }, name: "reports_db", owner, ...(ensure && { ensure }) },
  });

describeChange(databaseAbsent, {
  "present to absent": {
    request: update(database("present"), database("absent")),
    shows: ["ensure present → absent: drops database reports_db"],
  },
  "made absent: an existing database is dropped": {
    request: create(database("absent")),
    shows: ["ensure not set → absent: drops database reports_db"],
  },
  "absent already": { request: update(database("absent"), database("absent", "other")), shows: [] },
  "the default appears": { request: update(database(), database("present")), shows: [] },
  "the object is deleted": { request: remove(database()), shows: [] },
});
