import { run } from "./run.ts";

/** Debian's packages that a cluster is built and run with; Ubuntu has them under the same names. */
const hostPackages = [
  "buildah",
  "ca-certificates",
  "conntrack",
  "containerd",
  "containernetworking-plugins",
  "debian-archive-keyring",
  "iptables",
  "mmdebstrap",
  "nftables",
  "runc",
  "tini",
  "util-linux",
];

/** The command that installs what is missing, or nothing if nothing is. */
export async function missingPackages(): Promise<string | undefined> {
  const selections = await run("dpkg", ["--get-selections"]);
  const installed = new Set([...selections.matchAll(/^([^\s:]+)\S*\s+install$/gm)].map(([, name]) => name));
  const missing = hostPackages.filter((name) => !installed.has(name));
  return missing.length === 0 ? undefined : `apt-get install --yes --no-install-recommends ${missing.join(" ")}`;
}
