import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** StatefulSet: spec.template. */
export const statefulSet: Source = {
  id: "stateful-set",
  title: "StatefulSet",
  resource: "apps/statefulsets",
  serves: true,
  podSpec: (object) => templateAt(object, "spec.template"),
};
