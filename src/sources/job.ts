import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** Job: spec.template. */
export const job: Source = {
  id: "job",
  title: "Job",
  resource: "batch/jobs",
  serves: false,
  podSpec: (object) => templateAt(object, "spec.template"),
};
