import { field } from "../../deploy/objects.ts";
import type { Client } from "../client.ts";
import { until } from "../sandbox/until.ts";

/** The Ready condition of a Flux object: what `flux get` prints. */
export interface Ready {
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  /** The source's revision that was tried last. */
  readonly attempted: string;
}

/** Who writes what a Kustomization holds. */
export const kustomizeController = "system:serviceaccount:flux-system:kustomize-controller";

const kinds = {
  GitRepository: "source.toolkit.fluxcd.io/v1",
  Kustomization: "kustomize.toolkit.fluxcd.io/v1",
  HelmRelease: "helm.toolkit.fluxcd.io/v2",
} as const;
type FluxKind = keyof typeof kinds;

export interface Flux {
  /** The Ready condition now. */
  ready(kind: FluxKind, name: string): Promise<Ready | undefined>;
  /** Asks for a reconciliation, waits until it was handled, and gives the Ready condition it ended with. */
  reconcile(kind: FluxKind, name: string): Promise<Ready>;
  /** Waits for a condition that passes `test`. */
  wait(kind: FluxKind, name: string, test: (ready: Ready) => boolean, seconds?: number): Promise<Ready>;
}

/** Reads and asks as `flux` does, of objects in the namespace flux-system. */
export function openFlux(client: Client): Flux {
  async function ready(kind: FluxKind, name: string): Promise<Ready | undefined> {
    const object = await client.read(kinds[kind], kind, "flux-system", name);
    const conditions = field(object, "status", "conditions");
    const condition = Array.isArray(conditions) ? conditions.find(({ type }) => type === "Ready") : undefined;
    // a condition about an older spec says nothing about this one
    if (condition === undefined || condition.observedGeneration !== field(object, "metadata", "generation"))
      return undefined;
    const { status, reason, message } = condition;
    return { status, reason, message, attempted: String(field(object, "status", "lastAttemptedRevision") ?? "") };
  }

  async function wait(kind: FluxKind, name: string, test: (ready: Ready) => boolean, seconds = 90): Promise<Ready> {
    let last: Ready | undefined;
    const settled = async () => {
      last = await ready(kind, name);
      return last !== undefined && test(last) ? last : undefined;
    };
    try {
      return await until(`${kind} ${name} is as it should be`, settled, seconds);
    } catch (error) {
      throw new Error(`${kind} ${name} ended as ${JSON.stringify(last)}`, { cause: error });
    }
  }

  return {
    ready,
    wait,
    async reconcile(kind, name) {
      const token = `test-${process.hrtime.bigint()}`;
      const annotation = `reconcile.fluxcd.io/requestedAt=${token}`;
      await client.kubectl(["annotate", "--overwrite", "--namespace=flux-system", kind, name, annotation]);
      await until(`${kind} ${name} has handled the request`, async () => {
        const object = await client.read(kinds[kind], kind, "flux-system", name);
        return field(object, "status", "lastHandledReconcileAt") === token ? true : undefined;
      });
      return wait(kind, name, ({ status, reason }) => status !== "Unknown" && reason !== "Progressing");
    },
  };
}
