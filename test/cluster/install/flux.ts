import { join } from "node:path";
import { parse } from "yaml";
import type { Manifest } from "../../deploy/objects.ts";
import { moduleOf, sourceOf } from "../build/binaries.ts";
import { images } from "../versions.ts";
import {
  type Files,
  filesUnder,
  imageOf,
  type Kustomization,
  kustomized,
  type Operation,
  patchOf,
} from "./kustomize.ts";

type Controller = keyof typeof images.flux;
const controllers = Object.keys(images.flux) as readonly Controller[];

/**
 * Flux as `flux install` has it: its own kustomization, from its own module, over each controller's own manifests. Other than
 * there: the images, the controllers that are not here, and how long one waits for a failure to be tried again.
 */
export async function fluxObjects(): Promise<readonly Manifest[]> {
  const manifests = filesUnder(join(await sourceOf(moduleOf("flux")), "manifests"), "flux");
  const own = await Promise.all(controllers.map(manifestsOf));
  const files = Object.fromEntries([...Object.entries(manifests), ...own.flatMap((more) => Object.entries(more))]);
  return await kustomized(kustomization, Object.fromEntries(Object.entries(files).map(withoutReleases)));
}

async function manifestsOf(controller: Controller): Promise<Files> {
  const source = await sourceOf(moduleOf(controller));
  const folders = ["crd", "manager"];
  return Object.assign(
    {},
    ...folders.map((folder) => filesUnder(join(source, "config", folder), join(controller, folder))),
  );
}

/** A controller's manifests are taken from beside it, not from its release on GitHub; one that is not here is left out. */
function withoutReleases([path, text]: readonly [string, string]): readonly [string, string] {
  if (path === "flux/install/kustomization.yaml") return [path, JSON.stringify(installed(parse(text)))];
  const release = /https:\/\/github\.com\/fluxcd\/([a-z-]+)\/releases\/download\/\S+\.(crds|deployment)\.yaml/g;
  const folders = { crds: "crd", deployment: "manager" };
  return [
    path,
    text.replace(
      release,
      (_, controller: string, part: keyof typeof folders) => `../../../${controller}/${folders[part]}`,
    ),
  ];
}

function installed(kustomization: { readonly resources: readonly string[] }): Kustomization {
  const isHere = (path: string) => controllers.some((controller) => path === `../bases/${controller}`);
  return {
    ...kustomization,
    resources: kustomization.resources.filter((path) => !path.startsWith("../bases/") || isHere(path)),
  };
}

const container = "/spec/template/spec/containers/0";

const kustomization: Kustomization = {
  resources: ["flux/install"],
  images: controllers.map((controller) => ({
    name: `ghcr.io/fluxcd/${controller}`,
    ...imageOf(images.flux[controller]),
  })),
  patches: controllers.map((controller) =>
    patchOf({ kind: "Deployment", name: controller }, [
      { op: "test", path: `${container}/name`, value: "manager" },
      // 10 s, not 15 min, after many failures
      { op: "add", path: `${container}/args/-`, value: "--max-retry-delay=10s" },
      ...waitingFor(controller),
      { op: "replace", path: `${container}/resources/requests`, value: { cpu: "10m", memory: "32Mi" } },
      { op: "add", path: `${container}/readinessProbe/periodSeconds`, value: 1 },
    ]),
  ),
};

/** How soon one looks again whether what it depends on is Ready: 2 s, not 30 s. And four that wait for a Job hold up nobody. */
function waitingFor(controller: Controller): readonly Operation[] {
  if (controller === "notification-controller") return [];
  const flags = ["--requeue-dependency=2s", "--concurrent=20"];
  return flags.map((value) => ({ op: "add", path: `${container}/args/-`, value }));
}
