import { fields, items, textAt, textOf } from "../model/fields.ts";
import type { Container, PodContext } from "./containers.ts";

/** Names of the Secrets that a container gets by env, envFrom or a mount, sorted. No Secret is read. */
export function secretsOf(container: Container, pod: PodContext): readonly string[] {
  const mounted = new Set(items(container.fields["volumeMounts"]).map((mount) => textOf(fields(mount)["name"])));
  const volumes = items(pod.spec["volumes"]).filter((volume) => mounted.has(textOf(fields(volume)["name"])));
  const names = [
    ...items(container.fields["env"]).map((entry) => textAt(entry, "valueFrom", "secretKeyRef", "name")),
    ...items(container.fields["envFrom"]).map((source) => textAt(source, "secretRef", "name")),
    ...volumes.map((volume) => textAt(volume, "secret", "secretName")),
    ...volumes.flatMap((volume) =>
      items(fields(fields(volume)["projected"])["sources"]).map((source) => textAt(source, "secret", "name")),
    ),
  ];
  return [...new Set(names)].filter((name) => name !== "").sort();
}
