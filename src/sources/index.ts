import type { Source } from "../model/source.ts";
import { configMap } from "./config-map.ts";
import { cronJob } from "./cron-job.ts";
import { daemonSet } from "./daemon-set.ts";
import { deployment } from "./deployment.ts";
import { job } from "./job.ts";
import { pod } from "./pod.ts";
import { replicaSet } from "./replica-set.ts";
import { statefulSet } from "./stateful-set.ts";

/** Every kind of object the gate reads SQL from. */
export const sources: readonly Source[] = [
  configMap,
  cronJob,
  daemonSet,
  deployment,
  job,
  pod,
  replicaSet,
  statefulSet,
];
