import { createHash } from "node:crypto";
import type { ObjectRef } from "./model/kubernetes.ts";
import type { Location, Mount } from "./model/run.ts";

/** What an approval of one SQL text binds. Comments, formatting, file names, client image and resources are not in it. */
export interface SqlDigestInput {
  /** sha256 (hex) of the scanner's tokens, from the SQL analysis */
  readonly canonical: string;
  /** settings in force when the text starts, in their order */
  readonly settings: readonly string[];
  readonly tool: string | null;
  readonly subcommand: string | null;
  /** options that change what the tool does, without connection parts; their order does not matter */
  readonly options: readonly string[];
  /** the run ends at the first error: without it, what a guard statement was to prevent runs after all */
  readonly stopsOnError: boolean;
  /** digest of the text that runs before it on this target, "" for the first: a copy before a drop is not one after it */
  readonly after: string;
  readonly target: Location;
  /** namespace of the object that runs it: only counts where the target is no known Cluster */
  readonly namespace: string;
}

/** What an approval of one opaque step binds. Secrets enter by name, never by value, so that a rotation voids nothing. */
export interface OpaqueDigestInput {
  readonly image: string;
  /** as written, not masked; what is unknown by its name */
  readonly argv: readonly string[];
  /** only the variables that change what runs */
  readonly env: Readonly<Record<string, string>>;
  /** what volumes bring in from outside the Pod: it may be what runs */
  readonly mounts: readonly Pick<Mount, "path" | "content">[];
  readonly target: Location;
  readonly namespace: string;
  readonly tool: string | null;
  readonly subcommand: string | null;
}

/** What an approval of one cluster change binds: the object and the semantic difference, not the whole object. */
export interface ChangeDigestInput {
  /** id in the changes catalogue */
  readonly change: string;
  readonly object: ObjectRef;
  readonly difference: Readonly<Record<string, unknown>>;
}

/** Digest of a SQL unit, "sha256:<64 hex>". */
export function sqlDigest(input: SqlDigestInput): string {
  return digest("sql", {
    sql: input.canonical,
    settings: input.settings,
    tool: input.tool,
    subcommand: input.subcommand,
    options: input.options.toSorted(),
    ...(input.stopsOnError ? {} : { continuesAfterErrors: true }),
    ...(input.after === "" ? {} : { after: input.after }),
    target: targetIdentity(input.target, input.namespace),
  });
}

/** Digest of an opaque unit, "sha256:<64 hex>". */
export function opaqueDigest(input: OpaqueDigestInput): string {
  return digest("opaque", {
    image: imageIdentity(input.image),
    argv: input.argv,
    env: input.env,
    ...(input.mounts.length === 0 ? {} : { mounts: input.mounts.map(({ path, content }) => [path, content]) }),
    tool: input.tool,
    subcommand: input.subcommand,
    target: targetIdentity(input.target, input.namespace),
  });
}

/** Digest of a cluster change, "sha256:<64 hex>". A new API version of the same object is the same object. */
export function changeDigest(input: ChangeDigestInput): string {
  const { apiVersion, kind, namespace, name } = input.object;
  const group = apiVersion.includes("/") ? apiVersion.slice(0, apiVersion.indexOf("/")) : "";
  return digest("change", {
    change: input.change,
    object: { group, kind, namespace, name },
    difference: input.difference,
  });
}

/** JSON with sorted keys and no white space: one text for one value. Throws TypeError for what JSON cannot carry. */
export function canonicalJson(value: unknown): string {
  if (value === null || typeof value === "boolean" || typeof value === "string") return JSON.stringify(value);
  if (typeof value === "number" && Number.isFinite(value)) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(",")}]`;
  if (isPlainObject(value)) return `{${sortedMembers(value).join(",")}}`;
  throw new TypeError(`a digest cannot cover a value of type ${typeof value}`);
}

function sortedMembers(value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.keys(value)
    .toSorted()
    .map((key) => `${JSON.stringify(key)}:${canonicalJson(value[key])}`);
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The first line names form and kind, so that no unit of one kind can ever have the digest of another kind or version. */
function digest(kind: "sql" | "opaque" | "change", body: Readonly<Record<string, unknown>>): string {
  const text = `migration-gate.dev/unit/v1 ${kind}\n${canonicalJson(body)}`;
  return `sha256:${createHash("sha256").update(text, "utf8").digest("hex")}`;
}

/**
 * How the target was found is not in it, only where it is. An external host and an unknown target mean something
 * only seen from a namespace: the same words in another one may be another server, so the namespace counts there.
 */
function targetIdentity(target: Location, namespace: string): Readonly<Record<string, unknown>> {
  switch (target.kind) {
    case "cluster": {
      const { cluster, database } = target.target;
      return { kind: "cluster", namespace: target.target.namespace, cluster, database };
    }
    case "external":
      return { kind: "external", namespace, host: target.host, database: target.database };
    case "unknown":
      return { kind: "unknown", namespace };
  }
}

/** The digest where one is written, for it alone says what runs; else repository and tag, "latest" as Kubernetes reads none. */
function imageIdentity(image: string): string {
  const at = image.indexOf("@");
  const named = at === -1 ? image : image.slice(0, at);
  const colon = named.indexOf(":", named.lastIndexOf("/") + 1);
  const repository = colon === -1 ? named : named.slice(0, colon);
  if (at !== -1) return `${repository}${image.slice(at)}`;
  return colon === -1 ? `${repository}:latest` : named;
}
