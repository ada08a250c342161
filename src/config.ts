import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { Ajv, type ErrorObject } from "ajv";
import { parse } from "yaml";

/** How the gate is served. Texts are "" and lists empty where nothing was said; times in milliseconds, sizes in bytes. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** 0: metrics are on the port of the reviews, over HTTPS */
  readonly metricsPort: number;
  readonly tls: string;
  readonly selfSigned: boolean;
  readonly policies: string;
  readonly cluster: string;
  readonly context: string;
  readonly kubeconfig: string;
  readonly operatorAccounts: readonly string[];
  readonly exemptNamespaces: readonly string[];
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly deadlineMs: number;
  readonly requestTimeoutMs: number;
  readonly watchStaleMs: number;
  readonly reloadMs: number;
  readonly drainMs: number;
  readonly concurrentReviews: number;
  readonly bodyBytes: number;
  readonly threads: number;
  readonly sqlCacheBytes: number;
  readonly logLevel: "debug" | "info" | "warn" | "error" | "silent";
}

/** Settings that do not fit; the message has one line a problem and names where each was set. */
class ConfigError extends Error {
  readonly code = "CONFIG_INVALID";

  constructor(problems: readonly string[]) {
    super(problems.join("\n"));
    this.name = "ConfigError";
  }
}

const whole = (minimum: number, maximum: number, value: number, description: string) => ({
  ...{ type: "integer", minimum, maximum, default: value, description },
});
const words = (value: string, description: string) => ({ type: "string", default: value, description });
const list = (value: readonly string[], description: string) => ({
  ...{ type: "array", items: { type: "string", minLength: 1 }, default: value, description },
});
const operators = ["cnpg-manager", "cnpg-system-cloudnative-pg", "cnpg-cloudnative-pg"];
const operatorAccounts = operators.map((name) => `system:serviceaccount:cnpg-system:${name}`);
const mebibyte = 1024 * 1024;

/** Every setting: its type, bounds, default and meaning. */
const properties = {
  host: { ...words("0.0.0.0", "address to listen on"), minLength: 1 },
  port: whole(0, 65_535, 8443, "port of the webhook, HTTPS"),
  metricsPort: whole(0, 65_535, 0, "port of the metrics over plain HTTP; 0: on the webhook's port"),
  tls: words("", "folder with tls.crt and tls.key, read again when they change"),
  selfSigned: { type: "boolean", default: false, description: "serve with a throw-away certificate made at start" },
  policies: { ...words("policies", "folder of MigrationPolicy files, read again when they change"), minLength: 1 },
  cluster: words("", "folder of YAML as the cluster, instead of Kubernetes"),
  context: words("", "context of the kubeconfig; without it the Pod's service account or the current context"),
  kubeconfig: words("", "kubeconfig file"),
  operatorAccounts: list(operatorAccounts, "accounts of the CNPG operator"),
  exemptNamespaces: list(
    ["kube-system", "flux-system", "cnpg-system"],
    "namespaces nothing is judged in, besides the gate's own",
  ),
  namespace: words("migration-gate", "the gate's own namespace"),
  clusterDomain: words("cluster.local", "DNS domain of the cluster"),
  deadlineMs: whole(100, 29_000, 3_500, "time for a review, below the registration's timeoutSeconds"),
  requestTimeoutMs: whole(50, 20_000, 2_000, "time for one question to the API server"),
  watchStaleMs: whole(3_000, 3_600_000, 60_000, "silence of a watch after which what it saw is not believed"),
  reloadMs: whole(100, 3_600_000, 10_000, "pause between looks at certificate and policies"),
  drainMs: whole(0, 60_000, 5_000, "time to go on serving after SIGTERM, until the Service has stopped sending"),
  concurrentReviews: whole(1, 10_000, 64, "reviews judged at once; more are denied as busy"),
  bodyBytes: whole(mebibyte, 64 * mebibyte, 8 * mebibyte, "largest review"),
  threads: whole(1, 64, 2, "threads that parse SQL"),
  sqlCacheBytes: whole(0, 1024 * mebibyte, 64 * mebibyte, "memory for SQL that was parsed before"),
  logLevel: {
    enum: ["debug", "info", "warn", "error", "silent"],
    default: "info",
    description: "least important line to log",
  },
};
type Name = keyof typeof properties;
const names = Object.keys(properties) as readonly Name[];

const ajv = new Ajv({ allErrors: true, useDefaults: false, coerceTypes: false });
const isConfig = ajv.compile<Config>({ type: "object", properties, required: names, additionalProperties: false });

/** Flags of `serve`; everything else is set by environment or file. */
const text = { type: "string" } as const;
const flags = {
  ...{ port: text, tls: text, policies: text, cluster: text, context: text, config: text },
  "self-signed": { type: "boolean" },
} as const;

/** One row a setting, for help and documentation. */
export interface SettingRow {
  readonly name: string;
  readonly environment: string;
  readonly default: string;
  readonly help: string;
}

/** All settings. */
export function listSettings(): readonly SettingRow[] {
  return names.map((name) => {
    const { default: value, description: help } = properties[name];
    return { name, environment: environmentName(name), default: String(value), help };
  });
}

/** A value, and how a person would call the place it was set at. */
type Given = readonly [name: string, { readonly value: unknown; readonly place: string }];

/**
 * Settings from flags of `serve`, then GATE_* variables, then the YAML file of `--config`, then defaults. Throws ConfigError
 * with all that is wrong, and parseArgs' own error for an unknown flag.
 */
export async function readConfig(args: readonly string[], environment = process.env): Promise<Config> {
  const { config: file, "self-signed": selfSigned, ...rest } = parseArgs({ args: [...args], options: flags }).values;
  const settings = file === undefined ? {} : await readSettings(file);
  const switches: readonly Given[] = selfSigned ? [["selfSigned", { value: true, place: "--self-signed" }]] : [];
  return checked([
    ...names.map((name): Given => [name, { value: properties[name].default, place: name }]),
    ...Object.entries(settings).map(([name, value]): Given => [name, { value, place: `${file}: ${name}` }]),
    ...texts((name) => environment[environmentName(name)], environmentName),
    ...texts(
      (name) => new Map(Object.entries(rest)).get(name),
      (name) => `--${name}`,
    ),
    ...switches,
  ]);
}

function texts(read: (name: Name) => string | undefined, placeOf: (name: Name) => string): readonly Given[] {
  return names.flatMap((name) => {
    const found = read(name);
    return found === undefined ? [] : [[name, { value: typed(name, found), place: placeOf(name) }] as const];
  });
}

async function readSettings(file: string): Promise<object> {
  try {
    const settings: unknown = parse(await readFile(file, "utf8"));
    if (typeof settings === "object" && settings !== null && !Array.isArray(settings)) return settings;
  } catch (error) {
    throw new ConfigError([`${file}: cannot be read: ${error instanceof Error ? error.message : String(error)}`]);
  }
  throw new ConfigError([`${file}: must hold settings, one a line: port: 8443`]);
}

/** A prefix of its own: a Service called migration-gate makes Kubernetes set MIGRATION_GATE_PORT to "tcp://…" in every Pod beside it. */
function environmentName(name: string): string {
  return `GATE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** Text as the setting's type; what does not fit stays text, and the schema will say so. */
function typed(name: Name, text: string): unknown {
  const setting = properties[name];
  const type = "type" in setting ? setting.type : "string";
  if (type === "integer") return /^\d+$/.test(text) ? Number(text) : text;
  if (type === "boolean" && (text === "true" || text === "false")) return text === "true";
  return type === "array" ? text.split(/[\s,]+/).filter((part) => part !== "") : text;
}

function checked(all: readonly Given[]): Config {
  const given = new Map(all);
  const config: unknown = Object.fromEntries([...given].map(([name, { value }]) => [name, value]));
  if (!isConfig(config)) {
    const placeOf = (name: string) => given.get(name)?.place ?? name;
    throw new ConfigError((isConfig.errors ?? []).map((error) => inWords(error, placeOf)));
  }
  const problems = contradictions(config);
  if (problems.length > 0) throw new ConfigError(problems);
  return config;
}

function inWords({ instancePath, keyword, params, message }: ErrorObject, placeOf: (name: string) => string): string {
  if (keyword === "additionalProperties") {
    return `${placeOf(params["additionalProperty"])} is no setting; there are ${names.join(", ")}`;
  }
  const allowed = keyword === "enum" ? `must be one of ${params["allowedValues"].join(", ")}` : message;
  return `${placeOf(instancePath.split("/")[1] ?? "")}: ${allowed}`;
}

function contradictions(config: Config): readonly string[] {
  const { tls, selfSigned, cluster, context, kubeconfig, requestTimeoutMs, deadlineMs } = config;
  return [
    ...(tls === "" && !selfSigned ? ["tls: give a folder with tls.crt and tls.key (--tls DIR), or --self-signed"] : []),
    ...(tls !== "" && selfSigned ? ["tls and selfSigned: only one of them can be served"] : []),
    ...(cluster !== "" && context !== "" ? ["cluster and context: only one of them can be read"] : []),
    ...(cluster !== "" && kubeconfig !== "" ? ["cluster and kubeconfig: only one of them can be read"] : []),
    ...(requestTimeoutMs >= deadlineMs ? ["requestTimeoutMs: must be less than deadlineMs"] : []),
  ];
}
