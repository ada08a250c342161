import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";

const corpus = join(import.meta.dirname, "../corpus");
const ordinary = [
  "apiVersion: v1\nkind: Service\nmetadata: { name: NAME, namespace: NAMESPACE }\nspec: { ports: [{ port: 80 }] }\n",
  "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: NAME, namespace: NAMESPACE }\nspec:\n  template:\n    spec:\n      containers: [{ name: web, image: nginx:1.27 }]\n",
  "apiVersion: v1\nkind: ConfigMap\nmetadata: { name: NAME-conf, namespace: NAMESPACE }\ndata: { app.yaml: 'debug: false' }\n",
  "apiVersion: helm.toolkit.fluxcd.io/v2\nkind: HelmRelease\nmetadata: { name: NAME, namespace: NAMESPACE }\nspec: { chart: { spec: { chart: app } } }\n",
];

/** A repository as Flux syncs it: `apps` folders of ordinary manifests, and every Job of the corpus in a namespace of its own. */
export interface FluxRepository {
  readonly folder: string;
  readonly files: number;
  remove(): void;
}

/** Writes it anew: the corpus, each file in a protected namespace, and `apps` applications of four files each. */
export function createFluxRepository(apps: number): FluxRepository {
  const folder = mkdtempSync(join(tmpdir(), "flux-repository-"));
  let files = 0;
  const write = (directory: string, name: string, text: string) => {
    mkdirSync(join(folder, directory), { recursive: true });
    writeFileSync(join(folder, directory, name), text);
    files += 1;
  };
  for (let app = 0; app < apps; app += 1) {
    for (const [index, text] of ordinary.entries()) {
      const filled = text.replaceAll("NAMESPACE", "production").replaceAll("NAME", `app-${app}`);
      write(`apps/app-${app}`, `${index}.yaml`, filled);
    }
  }
  for (const file of corpusFiles()) {
    const namespace = `migration-${file.slice(0, 2)}`;
    write(`migrations/${namespace}`, "namespace.yaml", protectedNamespace(namespace));
    write(`migrations/${namespace}`, "all.yaml", inNamespace(namespace, readFileSync(join(corpus, file), "utf8")));
  }
  return { folder, files, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Files of the corpus: one migration each. */
export function corpusFiles(): readonly string[] {
  return readdirSync(corpus).filter((file) => file.endsWith(".yaml"));
}

function protectedNamespace(name: string): string {
  const labels = "{ migration-gate.dev/mode: enforce, migration-gate.dev/policy: production }";
  return `apiVersion: v1\nkind: Namespace\nmetadata: { name: ${name}, labels: ${labels} }\n`;
}

function inNamespace(namespace: string, text: string): string {
  const documents = parseAllDocuments(text);
  for (const document of documents) document.setIn(["metadata", "namespace"], namespace);
  return documents.map((document) => document.toString()).join("");
}
