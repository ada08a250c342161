/** A Service as a host name writes it. */
export interface ServiceName {
  readonly namespace: string;
  readonly name: string;
}

const label = /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/;

/** One host as written: without credentials, port, brackets, trailing dot, and in small letters; "" if nothing is left. */
export function bareHost(written: string): string {
  const host = written.slice(written.lastIndexOf("@") + 1).trim();
  const bracketed = /^\[([^\]]*)\]/.exec(host);
  if (bracketed !== null) return (bracketed[1] ?? "").toLowerCase();
  const colons = host.split(":").length - 1;
  return (colons === 1 ? host.replace(/:.*$/, "") : host).replace(/\.$/, "").toLowerCase();
}

/** true for IPv4 and IPv6 literals: they name no Service. */
export function isAddress(host: string): boolean {
  return /^\d+(\.\d+){3}$/.test(host) || host.includes(":");
}

/** A server or proxy in the Pod itself: nothing says what is behind it. */
export function isInsidePod(host: string): boolean {
  return host === "localhost" || host.startsWith("127.") || host === "::1" || host.startsWith("/");
}

/** Something that can be looked up at all; anything else is not shown to people either. */
export function isHostName(host: string): boolean {
  return host.length <= 253 && host.split(".").every((part) => label.test(part));
}

/** The Service that a host name means inside the cluster (svc, svc.ns, svc.ns.svc, svc.ns.svc.<domain>), null if it cannot be one. */
export function serviceOf(host: string, namespace: string, clusterDomain: string): ServiceName | null {
  const suffix = `.${clusterDomain.replace(/\.$/, "").toLowerCase()}`;
  const parts = (host.endsWith(suffix) ? host.slice(0, -suffix.length) : host).split(".");
  const [name = "", ofNamespace = namespace, kind = "svc"] = parts;
  if (parts.length > 3 || kind !== "svc" || (host.endsWith(suffix) && parts.length !== 3)) return null;
  return label.test(name) ? { namespace: ofNamespace, name } : null;
}

/** The prefix that the kubelet's `<PREFIX>_SERVICE_HOST` variable has for a Service: its name, capital and with underscores. */
export function variablePrefix(service: string): string {
  return service.toUpperCase().replaceAll("-", "_");
}

/** The prefix in a host that is such a variable, still to be put in by the shell or the kubelet; "" if it is none. */
export function serviceVariable(text: string): string {
  return /\b([A-Z][A-Z0-9_]*)_SERVICE_HOST\b/.exec(text)?.[1] ?? "";
}
