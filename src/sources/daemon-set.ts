import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** DaemonSet: spec.template. */
export const daemonSet: Source = {
  id: "daemon-set",
  title: "DaemonSet",
  resource: "apps/daemonsets",
  serves: true,
  podSpec: (object) => templateAt(object, "spec.template"),
};
