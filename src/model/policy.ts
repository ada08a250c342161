import type { Hazard } from "./sql.ts";

/** Policy file, after the schema check: kind MigrationPolicy. Ages are in seconds. */
export interface Policy {
  readonly name: string;
  /** file it came from, for messages */
  readonly file: string;
  readonly namespaces: { readonly names: readonly string[]; readonly labels: Readonly<Record<string, string>> };
  readonly schemaChange: Price;
  readonly hazards: Readonly<Record<Hazard, Price>>;
  /** dearer or cheaper prices for single rules, changes and opaque kinds */
  readonly rules: Readonly<Record<string, Price>>;
  readonly rerun: "allow" | "warn" | "deny";
  readonly trust: "repository" | "signed";
  readonly approvers: readonly Approver[];
  /** image patterns (repository with * wildcards, no tag) whose client reads the SQL as written; "usual" clients are built in */
  readonly images: readonly string[];
  readonly unknownWorkloads: "ignore" | "deny";
  /** Deployments, StatefulSets, DaemonSets that migrate */
  readonly workloadTemplates: "ignore" | "audit" | "enforce";
  readonly interactiveExec: "allow" | "warn" | "deny";
  readonly injectedSidecars: readonly string[];
  readonly clockSkewSeconds: number;
}

export interface Approver {
  readonly id: string;
  readonly groups: readonly string[];
  /** OpenSSH public keys, one line each */
  readonly sshKeys: readonly string[];
}

export type Price =
  | { readonly action: "allow" }
  | { readonly action: "warn" }
  | { readonly action: "require"; readonly require: readonly Requirement[] };

export type Requirement =
  | {
      readonly evidence: "approval";
      readonly count: number;
      readonly group: string;
      readonly withinSeconds: number | null;
    }
  | {
      readonly evidence: "recovery-point";
      readonly arms: readonly RecoveryArm[];
      readonly withoutRecovery: number | null;
    }
  | { readonly evidence: "rollback-window" }
  | { readonly evidence: "rollback-owner" };

/** How a recovery point may be proven. Arm A (`archiving: live`) is not built yet, so policies that ask for it are refused. */
export type RecoveryArm = { readonly arm: "B"; readonly backupWithinSeconds: number };
