import type { CommandHit, Connection, Invocation, Opaque, Word } from "./run.ts";
import type { Dialect, SqlText } from "./sql.ts";

/** An image that is known to hold a tool, and what it runs when the manifest names no command. */
export interface ToolImage {
  /** repository with registry and without tag: "docker.io/flyway/flyway"; matched exactly, so that "flyway-app" is none */
  readonly repository: string;
  /** [] runs its arguments as a command */
  readonly entrypoint: readonly string[];
  /** its WORKDIR, where the tool's own default folder hangs on it */
  readonly workingDir?: string;
}

/** One call of a tool: the wrappers before its name (npx, bundle exec, …) are taken off. */
export interface ToolCall {
  readonly invocation: Invocation;
  /** what follows the tool's name */
  readonly args: readonly Word[];
}

/** What a tool makes of a call. `harmless` calls reach nothing that could be lost. */
export type ToolReading = { readonly kind: "harmless" } | ({ readonly kind: "step" } & ToolStep);

/** A tool's part of a Step. */
export interface ToolStep {
  readonly subcommand: string | null;
  /** null: it depends on what cannot be read */
  readonly destructive: boolean | null;
  /** options that change what the tool does, sorted, without connection parts */
  readonly options: readonly string[];
  readonly sql: readonly SqlText[];
  readonly opaque: readonly Opaque[];
  readonly commands: readonly CommandHit[];
  /** null: the call does not say; then the container's environment does */
  readonly connection: ToolConnection | null;
}

/** Where a call says it connects to. */
export interface ToolConnection extends Omit<Connection, "secrets"> {
  /** user, password, whole URLs: the Secrets they come from are those of this connection */
  readonly credentials: readonly Word[];
}

/** Catalogue entry: one migration tool or database client, one file. */
export interface Tool {
  readonly id: string;
  readonly title: string;
  readonly dialect: Dialect;
  readonly images: readonly ToolImage[];
  /** base names of its program */
  readonly binaries: readonly string[];
  /** options that give it away when a container has arguments only; all of one list must be there */
  readonly signatures: readonly (readonly string[])[];
  /** one-letter options that take a value, which may be attached ("-pSECRET"): by what the value is; `secret` ones only attached */
  readonly letters?: { readonly valued: string; readonly sql: string; readonly secret: string };
  /** null: not this tool after all (an own program of the same name) */
  read(call: ToolCall): ToolReading | null;
}
