import type { Change } from "../model/change.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import { defaultParameters } from "./cnpg-defaults.ts";
import { durabilityParameters, isWeaker } from "./durability-parameters.ts";
import { valueAt } from "./fields.ts";
import { fieldHit } from "./hits.ts";
import { updated } from "./judged.ts";

/** A setting in postgresql.parameters that keeps commits or the archive safe is weakened; CNPG lets it pass (cnpg.md section 3). */
export const durabilityParameterWeakened: Change = {
  id: "durability-parameter-weakened",
  title: "Durability setting weakened",
  hazard: "recoverability",
  phase: "migrate",
  resources: ["postgresql.cnpg.io/clusters"],
  operations: ["UPDATE"],
  why: "a crash, a failover or a restore can lose more than before, or find the data damaged",
  instead: "set it for the one session or role that needs the speed, not for the server",
  check(request) {
    const update = updated(request);
    if (update === null) return [];
    const { before, after } = update;
    return [...durabilityParameters].flatMap(([parameter, strength]) => {
      const [from, to] = [settingIn(before, parameter), settingIn(after, parameter)];
      if (!isWeaker(strength, from, to)) return [];
      return [fieldHit(after, after.metadata.name, `postgresql.parameters.${parameter}`, from || null, to || null)];
    });
  },
};

function settingIn(cluster: KubernetesObject, parameter: string): string {
  const setting = valueAt(cluster, "spec", "postgresql", "parameters", parameter);
  return typeof setting === "string" ? setting : (defaultParameters[parameter] ?? "");
}
