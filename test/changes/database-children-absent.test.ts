import { databaseChildrenAbsent } from "../../src/changes/database-children-absent.ts";
import { create, describeChange, type Fields, object, update } from "./requests.ts";

const database = (spec: Fields) =>
  object("Database", "reports", { spec: { cluster: { name: "app-postgres" }, name: "reports_db", ...spec } });
const entry = (name: string, ensure?: string) => ({ name, ...(ensure && { ensure }) });

describeChange(databaseChildrenAbsent, {
  "a schema": {
    request: update(database({ schemas: [entry("a", "present")] }), database({ schemas: [entry("a", "absent")] })),
    shows: ["schemas.a.ensure present → absent"],
  },
  "an extension that was not listed": {
    request: update(database({}), database({ extensions: [entry("postgis", "absent")] })),
    shows: ["extensions.postgis.ensure present → absent"],
  },
  "foreign server and wrapper, from the start": {
    request: create(database({ servers: [entry("s", "absent")], fdws: [entry("f", "absent")] })),
    shows: ["fdws.f.ensure present → absent", "servers.s.ensure present → absent"],
  },
  "left out: CNPG lets go of it": {
    request: update(database({ schemas: [entry("a")] }), database({ schemas: [] })),
    shows: [],
  },
  "absent already": {
    request: update(
      database({ schemas: [entry("a", "absent")] }),
      database({ schemas: [entry("b"), entry("a", "absent")] }),
    ),
    shows: [],
  },
});
