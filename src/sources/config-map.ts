import type { Source } from "../model/source.ts";

/** ConfigMap: starts nothing, so its text is judged with the run that mounts or reads it. */
export const configMap: Source = {
  id: "config-map",
  title: "ConfigMap",
  resource: "core/configmaps",
  serves: false,
  podSpec: () => null,
};
