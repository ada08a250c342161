import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { type Manifest, objectsIn } from "../../deploy/objects.ts";
import { run } from "../build/run.ts";
import { images } from "../versions.ts";
import { gitUrl } from "./git.ts";
import { imageOf, patchOf } from "./kustomize.ts";

const root = join(import.meta.dirname, "../../..");

/** The repository that Flux takes the gate from. */
export const platform = "platform";

/**
 * What a user's platform repository holds, in an empty folder: deploy/, policies/ and certs/, edited as docs/install.md says for
 * a cluster without cert-manager. `image` is the gate's, with its tag.
 */
export async function makePlatform(folder: string, image: string): Promise<void> {
  for (const name of ["deploy", "policies", "certs"]) cpSync(join(root, name), join(folder, name), { recursive: true });
  await run("bash", [join(folder, "certs/make.sh")]);
  // "whoever keeps an overlay in Git commits it there": with this file, Git would leave out the CA
  rmSync(join(folder, "deploy/certificates/bundled/.gitignore"));
  for (const overlay of ["audit", "enforce"]) {
    edit(join(folder, "deploy/overlays", overlay, "kustomization.yaml"), (kustomization) => {
      kustomization.setIn(["components"], ["../../certificates/bundled"]);
    });
  }
  useImage(folder, image);
  for (const policy of ["develop", "staging", "production"]) {
    // a client from a registry of one's own has to be named, as every user with a mirror does
    edit(join(folder, "policies", `${policy}.yaml`), (document) =>
      document.setIn(["spec", "images"], [imageOf(images.postgresql).newName]),
    );
  }
}

/** Names the gate's image in the overlays of a platform repository. */
export function useImage(folder: string, image: string): void {
  for (const overlay of ["audit", "enforce"]) {
    edit(join(folder, "deploy/overlays", overlay, "kustomization.yaml"), (kustomization) =>
      kustomization.setIn(["images"], [{ name: "ghcr.io/migration-gate/migration-gate", ...imageOf(image) }]),
    );
  }
}

/** A release as a Deployment sees it, which is another Pod template: in an overlay that has no patches. */
export function asRelease(folder: string, release: string): void {
  const annotations = { op: "add", path: "/spec/template/metadata/annotations", value: { release } } as const;
  edit(join(folder, "deploy/overlays/enforce/kustomization.yaml"), (kustomization) =>
    kustomization.setIn(["patches"], [patchOf({ kind: "Deployment" }, [annotations])]),
  );
}

/** What stands in the cluster before Flux can install the gate from there: its namespace, its certificate, its source. */
export function gateObjects(folder: string): readonly Manifest[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: "migration-gate" } },
    certificateSecret(join(folder, "certs/out")),
    ...objectsIn("deploy/flux/gate.yaml").map(withoutCertManager),
  ];
}

/** The serving certificate that certs/make.sh left in a folder. */
export function certificateSecret(folder: string): Manifest {
  const certificate = (file: string) => readFileSync(join(folder, file), "utf8");
  return {
    ...{ apiVersion: "v1", kind: "Secret", type: "kubernetes.io/tls" },
    metadata: { name: "migration-gate-tls", namespace: "migration-gate" },
    stringData: { "tls.crt": certificate("tls.crt"), "tls.key": certificate("tls.key") },
  };
}

function withoutCertManager(object: Manifest): Manifest {
  const spec = Object(object["spec"]);
  if (object["kind"] === "GitRepository") return { ...object, spec: { ...spec, url: gitUrl(platform) } };
  const { dependsOn: _, ...rest } = spec;
  return { ...object, spec: rest };
}

function edit(file: string, change: (document: Document) => void): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  change(document);
  writeFileSync(file, document.toString({ lineWidth: 0 }));
}
