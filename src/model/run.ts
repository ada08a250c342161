import type { KubernetesObject, ObjectRef } from "./kubernetes.ts";
import type { Origin } from "./origin.ts";
import type { AnalyzedText, Dialect, SqlText } from "./sql.ts";

export type { Origin } from "./origin.ts";

/** A part of a value that cannot be known here, and why, in words a user understands ("from Secret db"). */
export interface Unknown {
  readonly unknown: string;
  /** set when the value is one key of one Secret */
  readonly secret?: { readonly name: string; readonly key: string };
  /** the shell expands it outside quotes: it may become several arguments, or none */
  readonly splits?: true;
}

/** A value in pieces: strings are known, the rest is not. `[]` is the empty string. */
export type Word = readonly (string | Unknown)[];

/** A command as it will be executed, after Kubernetes' and the shell's expansion. */
export interface Invocation {
  readonly argv: readonly Word[];
  /** environment as the command sees it: container env plus exports and prefix assignments */
  readonly env: ReadonlyMap<string, Word>;
  readonly stdin: Stdin;
  /** what it can read when it starts: the mounts and what the script wrote before; relative paths start at its working directory */
  readonly files: Files;
  readonly origin: Origin;
  /** a failure of this command ends the script (set -e, `&&` chains, exec form) */
  readonly failureStops: boolean;
}

export type Stdin =
  | { readonly kind: "none" }
  | { readonly kind: "text"; readonly text: Word; readonly origin: Origin }
  | { readonly kind: "unknown"; readonly reason: string };

/** What a path in a container holds, as far as the manifests say. */
export type FileReading =
  | { readonly kind: "text"; readonly text: Word; readonly origin: Origin }
  | { readonly kind: "absent" } // certain: the directory is fully known and holds no such file
  | { readonly kind: "unknown"; readonly reason: string };

/** The container's files: mounted ConfigMaps are known, everything else in the image is not. */
export interface Files {
  read(path: string): FileReading;
  /** full paths directly in a directory, sorted; or why they cannot be known */
  list(
    directory: string,
  ):
    | { readonly kind: "known"; readonly paths: readonly string[] }
    | { readonly kind: "unknown"; readonly reason: string };
}

/** Something in a step that cannot be read. `where` is the place a person should look at. */
export interface Opaque {
  readonly reason: string;
  readonly origin: Origin;
  /**
   * `forward-command`: a known tool's forward subcommand whose files are not in sight (priced lower);
   * `program`: an unknown program or script; `untrusted`: readable, but something may bend what runs;
   * `dynamic`: SQL put together at run time; `unreadable`: missing, too big, not parsable.
   */
  readonly kind: "forward-command" | "program" | "untrusted" | "dynamic" | "unreadable";
}

/** How a step says where it connects to. Every part may be unknown; nothing here is a Secret's value. */
export interface Connection {
  readonly hosts: readonly Word[];
  readonly port: Word;
  readonly database: Word;
  /** names of Secrets the container reads in a way that can carry this connection */
  readonly secrets: readonly string[];
}

/** One command that reaches, or may reach, a database. */
export interface Step {
  readonly container: string;
  readonly init: boolean;
  readonly image: string;
  /** for people: secrets and passwords masked */
  readonly argv: readonly string[];
  /** the arguments as they are, for digests and for what they reach: two that look alike masked are not one. Never shown. */
  readonly command: readonly Word[];
  /** id in the tools catalogue, or null for a program no tool file knows */
  readonly tool: string | null;
  readonly subcommand: string | null;
  readonly destructive: boolean | null;
  /** options that change what the tool does, sorted, without connection parts: part of the digest */
  readonly options: readonly string[];
  readonly sql: readonly SqlText[];
  readonly opaque: readonly Opaque[];
  readonly connection: Connection;
  readonly origin: Origin;
  /** a destructive subcommand's hits, found by the tool file itself */
  readonly commands: readonly CommandHit[];
  readonly dialect: Dialect;
  /**
   * The container's environment as written: literals, and for the rest where they come from ("Secret db key url").
   * Part of an opaque step's digest, since a program that cannot be read may do anything with it.
   */
  readonly environment: Readonly<Record<string, string>>;
  /** What its container finds in volumes that others fill: an opaque step may run it, so it is part of the digest. */
  readonly mounts: readonly Mount[];
}

/** A mounted volume whose content comes from outside the Pod. */
export interface Mount {
  readonly path: string;
  /** a ConfigMap by content ("ConfigMap sha256:…"), a Secret by name, anything else as it is written */
  readonly content: string;
  /** names of the ConfigMaps in it */
  readonly configMaps: readonly string[];
}

/** A step, and where it connects to. */
export interface LocatedStep {
  readonly step: Step;
  readonly location: Location;
}

/** A located step with its SQL texts understood, one analysis a text, in order. */
export interface ParsedStep extends LocatedStep {
  readonly texts: readonly AnalyzedText[];
}

/** A tool's own command that destroys ("flyway clean"), found without any SQL. */
export interface CommandHit {
  readonly rule: "destructive-command" | "history-command";
  readonly subject: string;
  readonly origin: Origin;
}

/** One execution of migrations that an object describes. */
export interface Run {
  readonly object: ObjectRef;
  readonly carrier: KubernetesObject;
  readonly steps: readonly Step[];
  /** false: nothing in it can reach a database (design section 6, Reach), so it passes untouched */
  readonly reaches: boolean;
  /** `migration-gate.dev/target` as claimed, "" if absent */
  readonly claimedTarget: string;
  /** ConfigMaps it mounts or reads, whatever for; `missing` ones could not be found */
  readonly references: readonly ConfigMapReference[];
}

export interface ConfigMapReference {
  readonly namespace: string;
  readonly name: string;
  readonly found: "live" | "live-immutable" | "preview" | "missing";
}

/** The place a step reaches. */
export interface Target {
  readonly namespace: string;
  /** name of the CNPG Cluster */
  readonly cluster: string;
  readonly database: string;
}

/** Where a step connects to, or why that cannot be known. `unreachable` parts of a run have none. */
export type Location =
  | {
      readonly kind: "cluster";
      readonly target: Target;
      readonly reason: string;
      /** not all hosts are known to lead there: what remains is the author's word */
      readonly claimed: boolean;
    }
  | { readonly kind: "external"; readonly host: string; readonly database: string; readonly reason: string }
  | { readonly kind: "unknown"; readonly reason: string; readonly remedy: string };

/** What locating looks at, read once: the whole cluster's, because a host name may lead to another namespace. Never a Secret. */
export interface LocateFacts {
  readonly clusters: readonly KubernetesObject[];
  readonly poolers: readonly KubernetesObject[];
  readonly databases: readonly KubernetesObject[];
  readonly databaseRoles: readonly KubernetesObject[];
  readonly services: readonly KubernetesObject[];
  /** "cluster.local" unless the cluster was set up otherwise */
  readonly clusterDomain: string;
}
