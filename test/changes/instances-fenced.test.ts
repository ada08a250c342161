import { instancesFenced } from "../../src/changes/instances-fenced.ts";
import { annotated, cluster, describeChange, update } from "./requests.ts";

const key = "cnpg.io/fencedInstances";
const fenced = (list: string) => annotated({ [key]: list });

describeChange(instancesFenced, {
  "one is fenced": {
    request: update(cluster({ instances: 2 }), fenced('["app-postgres-1"]')),
    shows: [`annotation ${key} not set → ["app-postgres-1"]`],
  },
  "all are": { request: update(fenced('["a"]'), fenced('["*"]')), shows: [`annotation ${key} ["a"] → ["*"]`] },
  "one more is": {
    request: update(fenced('["a"]'), fenced('["a","b"]')),
    shows: [`annotation ${key} ["a"] → ["a","b"]`],
  },
  "a list that cannot be read": {
    request: update(fenced("[]"), fenced("app-postgres-1")),
    shows: [`annotation ${key} [] → app-postgres-1`],
  },
  "one is let go": { request: update(fenced('["a","b"]'), fenced('["b"]')), shows: [] },
  "fewer than all": { request: update(fenced('["*"]'), fenced('["b"]')), shows: [] },
  "the annotation is taken away": { request: update(fenced('["a"]'), cluster({ instances: 2 })), shows: [] },
  "none are any more": { request: update(fenced('["a"]'), fenced("[]")), shows: [] },
  "the operator takes a cold backup": {
    request: update(cluster({ instances: 2 }), fenced('["a"]')),
    facts: { isOperator: true },
    shows: [],
  },
});
