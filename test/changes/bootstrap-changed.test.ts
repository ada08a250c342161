import { expect, test } from "vitest";
import { bootstrapChanged } from "../../src/changes/bootstrap-changed.ts";
import { cluster, describeChange, type Fields, noFacts, update } from "./requests.ts";

const change = (before: Fields, after: Fields) =>
  update(cluster({ ...before }), cluster({ ...after, logLevel: "debug" }));
const initdb = (fields: Fields = {}) => ({ bootstrap: { initdb: { database: "app", owner: "app", ...fields } } });
const recovery = (source: string) => ({ bootstrap: { recovery: { source } } });

describeChange(bootstrapChanged, {
  "another method": {
    request: change(initdb(), recovery("origin")),
    shows: ["bootstrap initdb → recovery"],
  },
  "another source": {
    request: change(recovery("origin"), recovery("other")),
    shows: ["bootstrap.recovery.source changed"],
  },
  "SQL after initdb, by name only": {
    request: change(initdb(), initdb({ postInitSQL: ["CREATE ROLE a PASSWORD 'p'"] })),
    shows: ["bootstrap.initdb.postInitSQL changed"],
  },
  "the section appears as CNPG writes it": {
    request: change({}, initdb({ encoding: "UTF8", localeCType: "C", localeCollate: "C" })),
    shows: [],
  },
  "database and owner of a recovery appear": {
    request: change(recovery("origin"), {
      bootstrap: { recovery: { source: "origin", database: "app", owner: "app" } },
    }),
    shows: [],
  },
  "something else": { request: change(initdb(), initdb()), shows: [] },
});

test("the difference holds what changed and nothing else", () => {
  const [hit] = bootstrapChanged.check(change(recovery("origin"), recovery("other")), noFacts);
  expect(hit?.difference).toEqual({ "bootstrap.recovery.source": { from: "origin", to: "other" } });
});
