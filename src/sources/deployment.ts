import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** Deployment: spec.template. */
export const deployment: Source = {
  id: "deployment",
  title: "Deployment",
  resource: "apps/deployments",
  serves: true,
  podSpec: (object) => templateAt(object, "spec.template"),
};
