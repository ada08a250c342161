import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** A way from here to Services of the cluster, through its API server: `kubectl proxy`, which works with any kubeconfig. */
export interface ServiceProxy {
  /** The URL under which a Service's port answers. */
  urlOf(namespace: string, service: string, port: number | string): string;
  close(): void;
}

export async function openProxy(kubectl: string, kubeconfig: string): Promise<ServiceProxy> {
  const child: ChildProcess = spawn(kubectl, ["--kubeconfig", kubeconfig, "proxy", "--port=0", "--accept-hosts=.*"]);
  if (child.stdout === null) throw new Error("kubectl proxy has no output");
  const [line] = await once(createInterface(child.stdout), "line"); // Starting to serve on 127.0.0.1:38211
  const address = /[\d.]+:\d+$/.exec(String(line))?.[0];
  if (address === undefined) throw new Error(`kubectl proxy said: ${line}`);
  return {
    urlOf: (namespace, service, port) =>
      `http://${address}/api/v1/namespaces/${namespace}/services/${service}:${port}/proxy`,
    close: () => void child.kill(),
  };
}
