import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { field, type Manifest, objectsOf } from "./objects.ts";
import { createSchemas } from "./schemas.ts";

/**
 * Builds every kustomization with the real kustomize, by both kinds of certificates, and checks what comes out. Takes
 * kustomize from the PATH, else from the Go module proxy (a minute, once). Ends with "N passed, N failed".
 */
const root = join(import.meta.dirname, "../..");
const kustomizeVersion = "v5.8.0";
const schemas = createSchemas();
const clusterWide = /^(Namespace|ClusterRole|ClusterRoleBinding|ValidatingAdmissionPolicy.*|.*WebhookConfiguration)$/;
let passed = 0;
let failed = 0;

const copy = mkdtempSync(join(tmpdir(), "migration-gate-deploy-"));
try {
  // a copy, because make.sh writes keys and the bundled component needs its patch
  for (const folder of ["deploy", "policies", "certs"])
    cpSync(join(root, folder), join(copy, folder), { recursive: true });
  checkOverlays("cert-manager");
  execFileSync("bash", [join(copy, "certs/make.sh")], { stdio: "pipe" });
  checkOverlays("bundled");
  check("deploy/monitoring", build("deploy/monitoring"), () => []);
} finally {
  rmSync(copy, { recursive: true, force: true });
}
process.stdout.write(`\n${passed} passed, ${failed} failed\n`);
process.exitCode = failed === 0 ? 0 : 1;

function checkOverlays(certificates: "cert-manager" | "bundled"): void {
  for (const overlay of ["audit", "enforce"]) {
    const file = join(copy, "deploy/overlays", overlay, "kustomization.yaml");
    const before = readFileSync(file, "utf8");
    writeFileSync(file, before.replace("certificates/cert-manager\n", `certificates/${certificates}\n`));
    check(`deploy/overlays/${overlay} with ${certificates}`, build(`deploy/overlays/${overlay}`), (objects) => [
      ...problemsOfPlaces(objects),
      ...problemsOfTrust(objects, certificates),
      ...problemsOfPolicies(objects),
      ...(overlay === "audit" ? problemsOfAudit(objects) : []),
    ]);
    writeFileSync(file, before);
  }
}

function build(folder: string): readonly Manifest[] {
  const path = join(copy, folder);
  const go = ["run", `sigs.k8s.io/kustomize/kustomize/v5@${kustomizeVersion}`, "build", path];
  const [program, args] = hasKustomize() ? ["kustomize", ["build", path]] : ["go", go];
  const environment = { ...process.env, GOFLAGS: "-mod=mod" };
  return objectsOf(
    execFileSync(program, args, { encoding: "utf8", env: environment, maxBuffer: 64 * 1024 * 1024 }),
    folder,
  );
}

function hasKustomize(): boolean {
  try {
    execFileSync("kustomize", ["version"], { stdio: "pipe" });
    return true;
  } catch {
    return false;
  }
}

function check(
  name: string,
  objects: readonly Manifest[],
  further: (objects: readonly Manifest[]) => readonly string[],
): void {
  const unfit = objects.flatMap((object) =>
    schemas.problemsOf(object).map((problem) => `${nameOf(object)}: ${problem}`),
  );
  const problems = [...(objects.length === 0 ? ["nothing was built"] : []), ...unfit, ...further(objects)];
  if (problems.length === 0) passed += 1;
  else failed += 1;
  process.stdout.write(`${problems.length === 0 ? "✔" : "✘"} ${name}: ${objects.length} objects\n`);
  for (const problem of problems) process.stdout.write(`    ${problem}\n`);
}

function problemsOfPlaces(objects: readonly Manifest[]): readonly string[] {
  const lost = objects.filter((object) => {
    return !clusterWide.test(String(object["kind"])) && field(object, "metadata", "namespace") !== "migration-gate";
  });
  return lost.map((object) => `${nameOf(object)} is not in the namespace migration-gate`);
}

/** Whoever makes the certificate, the API server must be told what to trust, in every entry. */
function problemsOfTrust(objects: readonly Manifest[], certificates: string): readonly string[] {
  const configurations = objects.filter(({ kind }) => String(kind).endsWith("WebhookConfiguration"));
  if (configurations.length !== 2) return [`${configurations.length} webhook configurations`];
  if (certificates === "cert-manager") {
    const told = (object: Manifest) => field(object, "metadata", "annotations", "cert-manager.io/inject-ca-from");
    return configurations.filter((object) => !told(object)).map((object) => `${nameOf(object)} is not injected`);
  }
  const entries = configurations.flatMap(webhooksOf);
  return entries.flatMap((entry) =>
    field(entry, "clientConfig", "caBundle") ? [] : [`${field(entry, "name")} trusts no CA`],
  );
}

function problemsOfPolicies(objects: readonly Manifest[]): readonly string[] {
  const found = objects.find(({ kind }) => kind === "ConfigMap");
  const names = Object.keys(Object(found?.["data"])).toSorted().join();
  if (found !== undefined && nameOf(found) !== "ConfigMap migration-gate-policies")
    return [`policies are in ${nameOf(found)}`];
  return names === "develop.yaml,production.yaml,staging.yaml" ? [] : [`policies: ${names || "none"}`];
}

function problemsOfAudit(objects: readonly Manifest[]): readonly string[] {
  const closed = objects.flatMap(webhooksOf).filter((entry) => field(entry, "failurePolicy") !== "Ignore");
  return closed.map((entry) => `${field(entry, "name")} fails closed`);
}

function webhooksOf(object: Manifest): readonly unknown[] {
  const webhooks = object["webhooks"];
  return Array.isArray(webhooks) ? webhooks : [];
}

function nameOf(object: Manifest): string {
  return `${object["kind"]} ${field(object, "metadata", "name")}`;
}
