import type { Manifest } from "../../deploy/objects.ts";
import { asDocuments } from "../client.ts";
import type { Files } from "../repository.ts";

/** A chart in a folder of a repository: templates by name, as text or as objects that have nothing to fill in. */
export function chartOf(
  folder: string,
  version: string,
  templates: Readonly<Record<string, readonly Manifest[] | string>>,
): Files {
  const files = Object.entries(templates).map(([name, content]) => [`${folder}/templates/${name}.yaml`, content]);
  return { [`${folder}/Chart.yaml`]: [{ apiVersion: "v2", name: folder, version }], ...Object.fromEntries(files) };
}

/** Hooks that run before everything of their release, in this order; their Job takes more annotations from the values. */
export function hooksOf(objects: readonly Manifest[]): string {
  const hooks = objects.map((object, place) => {
    const metadata = Object(object["metadata"]);
    const hook = { "helm.sh/hook": "pre-install,pre-upgrade", "helm.sh/hook-weight": String(place) };
    return { ...object, metadata: { ...metadata, annotations: { ...hook, ...metadata.annotations } } };
  });
  const values = "{{- with .Values.annotations }}{{ toYaml . | nindent 4 }}{{ end }}";
  return asDocuments(hooks).replace(/(kind: Job\n[\s\S]*?\n {2}annotations:)\n/, `$1\n    ${values}\n`);
}

/** A HelmRelease of a scenario's chart, with every value the chart asks for. */
export function helmReleaseOf(scenario: string, folder: string, spec: Manifest): Manifest {
  const chart = { chart: `./${folder}`, sourceRef: { kind: "GitRepository", name: scenario }, interval: "1h" };
  const labels = { scenario };
  return {
    ...{ apiVersion: "helm.toolkit.fluxcd.io/v2", kind: "HelmRelease" },
    metadata: { name: `${scenario}-${folder}`, namespace: "flux-system", labels },
    spec: {
      ...{ releaseName: folder, targetNamespace: scenario, storageNamespace: scenario },
      ...{ interval: "1h", timeout: "2m", chart: { metadata: { labels }, spec: chart } },
      ...spec,
    },
  };
}
