import type { Source } from "../model/source.ts";
import { templateAt } from "./pod-template.ts";

/** Pod: a Job's (the moment of truth), or one that somebody made by hand. */
export const pod: Source = {
  id: "pod",
  title: "Pod",
  resource: "core/pods",
  serves: false,
  podSpec: (object) => templateAt(object, ""),
};
