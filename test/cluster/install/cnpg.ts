import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../deploy/objects.ts";
import { moduleOf, sourceOf } from "../build/binaries.ts";
import { cnpg, images } from "../versions.ts";
import { kustomized, patchOf } from "./kustomize.ts";

const container = "/spec/template/spec/containers/0";

/**
 * The operator as its release installs it, with the image that is here. There can be one in a cluster: both have the same
 * names, so that applying the other (server side, as the same manager) replaces this one, and every Cluster there is
 * restarts under it. A CRD that only the newer one has stays.
 */
export async function cnpgObjects(operator: keyof typeof cnpg): Promise<readonly Manifest[]> {
  const version = cnpg[operator];
  const image = images.cnpg[operator];
  const source = await sourceOf(moduleOf("cnpg-manager", version));
  const released = `ghcr.io/cloudnative-pg/cloudnative-pg:${version}`;
  const deployment = patchOf({ kind: "Deployment", name: "cnpg-controller-manager" }, [
    { op: "test", path: `${container}/image`, value: released },
    { op: "replace", path: `${container}/image`, value: image },
    { op: "replace", path: `${container}/imagePullPolicy`, value: "IfNotPresent" },
    // the image of the init container that every instance starts with
    { op: "test", path: `${container}/env/0`, value: { name: "OPERATOR_IMAGE_NAME", value: released } },
    { op: "replace", path: `${container}/env/0/value`, value: image },
    // alone it needs no lease, and on a busy machine it would lose it
    { op: "test", path: `${container}/args/1`, value: "--leader-elect" },
    { op: "remove", path: `${container}/args/1` },
    // a tenth of a CPU takes it half a minute to start
    { op: "remove", path: `${container}/resources/limits/cpu` },
    { op: "replace", path: `${container}/resources/requests`, value: { cpu: "10m", memory: "64Mi" } },
    { op: "add", path: `${container}/readinessProbe/periodSeconds`, value: 1 },
  ]);
  return await kustomized(
    { resources: ["release.yaml"], patches: [deployment] },
    { "release.yaml": readFileSync(join(source, `releases/cnpg-${version}.yaml`), "utf8") },
  );
}
