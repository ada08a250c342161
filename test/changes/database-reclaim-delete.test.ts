import { databaseReclaimDelete } from "../../src/changes/database-reclaim-delete.ts";
import { create, describeChange, object, remove, update } from "./requests.ts";

const database = (databaseReclaimPolicy?: string) =>
  object("Database", "reports", {
    spec: {
      cluster: { name: "app-postgres" },
      name: "reports_db",
      ...(databaseReclaimPolicy && { databaseReclaimPolicy }),
    },
  });

describeChange(databaseReclaimDelete, {
  "retain to delete": {
    request: update(database("retain"), database("delete")),
    shows: ["databaseReclaimPolicy retain → delete"],
  },
  "the default to delete": {
    request: update(database(), database("delete")),
    shows: ["databaseReclaimPolicy not set → delete"],
  },
  "deleted under this policy": {
    request: remove(database("delete")),
    shows: ["deletes the Database and drops database reports_db"],
  },
  "deleted, and the database stays": { request: remove(database("retain")), shows: [] },
  "something else changes": { request: update(database(), database("retain")), shows: [] },
  "delete to retain": { request: update(database("delete"), database("retain")), shows: [] },
  "made with it: nothing is dropped yet": { request: create(database("delete")), shows: [] },
});
