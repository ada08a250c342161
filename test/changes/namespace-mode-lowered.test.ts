import { namespaceModeLowered } from "../../src/changes/namespace-mode-lowered.ts";
import { describeChange, object, update } from "./requests.ts";

const namespace = (mode?: string) =>
  object("Namespace", "production", {}, { labels: { team: "a", ...(mode && { "migration-gate.dev/mode": mode }) } });
const label = "label migration-gate.dev/mode";

describeChange(namespaceModeLowered, {
  "enforce to audit": {
    request: update(namespace("enforce"), namespace("audit")),
    shows: [`${label} enforce → audit`],
  },
  "audit to off": { request: update(namespace("audit"), namespace("off")), shows: [`${label} audit → off`] },
  "the label is dropped": { request: update(namespace("enforce"), namespace()), shows: [`${label} enforce → off`] },
  "a misspelt word protects as enforce does": {
    request: update(namespace("enforce"), namespace("Enforce")),
    shows: [],
  },
  "a misspelt word is dropped": {
    request: update(namespace("Enforce"), namespace()),
    shows: [`${label} enforce → off`],
  },
  "an empty label is dropped": {
    request: update(
      object("Namespace", "production", {}, { labels: { "migration-gate.dev/mode": "" } }),
      object("Namespace", "production"),
    ),
    shows: [`${label} enforce → off`],
  },
  "all labels are dropped": {
    request: update(namespace("enforce"), object("Namespace", "production")),
    shows: [`${label} enforce → off`],
  },
  "audit to enforce": { request: update(namespace("audit"), namespace("enforce")), shows: [] },
  "another label changes": {
    request: update(
      namespace("enforce"),
      object("Namespace", "production", {}, { labels: { "migration-gate.dev/mode": "enforce" } }),
    ),
    shows: [],
  },
});
