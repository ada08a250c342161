import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Manifest } from "../../deploy/objects.ts";
import { images } from "../versions.ts";

/** Where everything stands that a scenario needs beside Flux, CloudNativePG and the gate: unlabelled, so the gate asks nothing of it. */
const neighbours = "migration-gate-test";

export const neighboursNamespace: Manifest = { apiVersion: "v1", kind: "Namespace", metadata: { name: neighbours } };

interface Server {
  readonly name: string;
  /** Of the Service. */
  readonly port: number;
  /** Of the container, where it may not be the Service's. */
  readonly targetPort: number;
  readonly command: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** A folder of its own, empty at the start and gone with the Pod. */
  readonly folder?: string;
  readonly initContainers?: readonly Manifest[];
  readonly volumes?: readonly Manifest[];
  readonly volumeMounts?: readonly Manifest[];
}

/** One Pod and the Service in front of it. Nothing is kept when the Pod goes: to cut one off, take its Service away instead. */
export function serverObjects(server: Server): readonly Manifest[] {
  const { name, port, targetPort, command, env = {}, folder } = server;
  const labels = { app: name };
  const metadata = { name, namespace: neighbours };
  const container = {
    ...{ name, image: images.neighbours, command },
    env: Object.entries(env).map(([variable, value]) => ({ name: variable, value })),
    ports: [{ containerPort: targetPort }],
    readinessProbe: { tcpSocket: { port: targetPort }, periodSeconds: 1 },
    resources: { requests: { cpu: "10m", memory: "32Mi" } },
    volumeMounts: [
      ...(folder === undefined ? [] : [{ name: "data", mountPath: folder }]),
      ...(server.volumeMounts ?? []),
    ],
  };
  const spec = {
    // no variables of Services: git would read those of one that is called git
    enableServiceLinks: false,
    // it holds nothing that has to be saved
    terminationGracePeriodSeconds: 1,
    initContainers: server.initContainers ?? [],
    containers: [container],
    volumes: [...(folder === undefined ? [] : [{ name: "data", emptyDir: {} }]), ...(server.volumes ?? [])],
  };
  return [
    {
      ...{ apiVersion: "apps/v1", kind: "Deployment", metadata },
      spec: {
        selector: { matchLabels: labels },
        strategy: { type: "Recreate" },
        template: { metadata: { labels }, spec },
      },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: [{ port, targetPort }] } },
  ];
}

/** A server that is a file of `scripts/`, run by Node from a ConfigMap; it is told its PORT. */
export function scriptObjects(
  name: string,
  script: string,
  more: { readonly env?: Readonly<Record<string, string>>; readonly folder?: string } = {},
): readonly Manifest[] {
  const text = readFileSync(join(import.meta.dirname, "scripts", script), "utf8");
  const configMap = { apiVersion: "v1", kind: "ConfigMap", metadata: { name, namespace: neighbours } };
  const server = serverObjects({
    ...more,
    ...{ name, port: 80, targetPort: 8080, command: ["node", `/scripts/${script}`] },
    env: { PORT: "8080", ...more.env },
    volumes: [{ name: "scripts", configMap: { name } }],
    volumeMounts: [{ name: "scripts", mountPath: "/scripts", readOnly: true }],
  });
  return [{ ...configMap, data: { [script]: text } }, ...server];
}

export function addressOf(name: string): string {
  return `${name}.${neighbours}.svc.cluster.local`;
}
