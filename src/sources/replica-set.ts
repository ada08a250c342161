import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** ReplicaSet: spec.template. */
export const replicaSet: Source = {
  id: "replica-set",
  title: "ReplicaSet",
  resource: "apps/replicasets",
  serves: true,
  podSpec: (object) => templateAt(object, "spec.template"),
};
