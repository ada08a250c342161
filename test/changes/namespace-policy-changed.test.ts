import { namespacePolicyChanged } from "../../src/changes/namespace-policy-changed.ts";
import { describeChange, object, update } from "./requests.ts";

const label = (policy: string) =>
  object("Namespace", "production", {}, { labels: { "migration-gate.dev/policy": policy } });
const lowered = update(label("production"), label("develop"));

describeChange(namespacePolicyChanged, {
  "its labels choose another policy": {
    request: lowered,
    facts: { policies: { before: "production", after: "develop" } },
    shows: ["policy production → develop"],
  },
  "its labels choose none any more": {
    request: update(label("production"), object("Namespace", "production")),
    facts: { policies: { before: "production", after: "" } },
    shows: ["policy production → none"],
  },
  "a policy names the namespace, whatever its labels": {
    request: lowered,
    facts: { policies: { before: "production", after: "production" } },
    shows: [],
  },
  "it had no policy before": { request: lowered, facts: { policies: { before: "", after: "develop" } }, shows: [] },
});
