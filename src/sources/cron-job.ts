import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** CronJob: spec.jobTemplate.spec.template. */
export const cronJob: Source = {
  id: "cron-job",
  title: "CronJob",
  resource: "batch/cronjobs",
  serves: false,
  podSpec: (object) => templateAt(object, "spec.jobTemplate.spec.template"),
};
