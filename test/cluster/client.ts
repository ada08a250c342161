import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { ApiException, KubeConfig, type KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import { stringify } from "yaml";
import type { Manifest } from "../deploy/objects.ts";

/** What `kubectl` said and how it ended. */
export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A user of a cluster: `kubectl` as people run it, and reads for tests that wait. */
export interface Client {
  readonly program: string;
  readonly kubeconfig: string;
  /** Runs kubectl and gives what it printed; throws when it fails. */
  kubectl(args: readonly string[], input?: string): Promise<string>;
  /** Runs kubectl where failing is what is looked at. */
  attempt(args: readonly string[], input?: string): Promise<Said>;
  /** Applies objects, server side, as one would a file of them. */
  apply(objects: readonly Manifest[]): Promise<string>;
  /** An object as it is now; undefined if it is not there. */
  read(apiVersion: string, kind: string, namespace: string, name: string): Promise<Manifest | undefined>;
  list(apiVersion: string, kind: string, namespace?: string): Promise<readonly Manifest[]>;
  /** The same cluster with kubectl as somebody else; reads stay the administrator's. */
  as(user: string, ...groups: readonly string[]): Client;
}

/** `program` is the kubectl to run, `kubeconfig` whom it speaks for. */
export function createClient(program: string, kubeconfig: string, impersonation: readonly string[] = []): Client {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const objects = KubernetesObjectApi.makeApiClient(config);

  async function attempt(args: readonly string[], input?: string): Promise<Said> {
    const child = spawn(program, ["--kubeconfig", kubeconfig, ...impersonation, ...args]);
    child.stdin.on("error", () => undefined); // it may end before it has read everything
    child.stdin.end(input ?? "");
    const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "close")]);
    return { code: Number(code), stdout, stderr };
  }

  async function kubectl(args: readonly string[], input?: string): Promise<string> {
    const { code, stdout, stderr } = await attempt(args, input);
    if (code !== 0) throw new Error(`kubectl ${args.join(" ")}\n${stderr || stdout}`);
    return stdout;
  }

  return {
    program,
    kubeconfig,
    kubectl,
    attempt,
    apply: (manifests) =>
      kubectl(["apply", "--server-side", "--force-conflicts", "--filename", "-"], asDocuments(manifests)),
    async read(apiVersion, kind, namespace, name) {
      try {
        return plain(await objects.read({ apiVersion, kind, metadata: { namespace, name } }));
      } catch (error) {
        if (error instanceof ApiException && error.code === 404) return undefined;
        throw error;
      }
    },
    async list(apiVersion, kind, namespace) {
      return (await objects.list(apiVersion, kind, namespace)).items.map(plain);
    },
    as(user, ...groups) {
      const flags = [`--as=${user}`, ...groups.map((group) => `--as-group=${group}`)];
      return createClient(program, kubeconfig, flags);
    },
  };
}

/** Whose members the gate is not asked about (docs/install.md, Emergency). */
export const emergencyGroup = "migration-gate:emergency";

/** The administrator in an emergency. */
export function emergencyOf(client: Client): Client {
  return client.as("admin", "system:masters", emergencyGroup);
}

/** As YAML 1.1, which is what kubectl and Flux read: there `off` is false unless it is quoted. */
export function asDocuments(manifests: readonly Manifest[]): string {
  return manifests.map((manifest) => stringify(manifest, { lineWidth: 0, version: "1.1" })).join("---\n");
}

/** Dates become text again, as the API server sent them. */
function plain(object: KubernetesObject): Manifest {
  return JSON.parse(JSON.stringify(object));
}
