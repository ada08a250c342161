import { Environment } from "@marcbachmann/cel-js";
import type { AdmissionRequest } from "../../src/model/kubernetes.ts";
import { objectsIn } from "./objects.ts";

/** One entry of a webhook configuration, as written in deploy/base. */
export interface Entry {
  readonly name: string;
  readonly endpoint: "validate" | "mutate";
  readonly clientConfig: {
    readonly service: { readonly namespace: string; readonly name: string; readonly path: string };
  };
  readonly failurePolicy: string;
  readonly sideEffects: string;
  readonly admissionReviewVersions: readonly string[];
  readonly timeoutSeconds: number;
  readonly matchPolicy: string;
  readonly reinvocationPolicy?: string;
  readonly namespaceSelector?: { readonly matchExpressions: readonly Requirement[] };
  readonly rules: readonly Rule[];
  readonly matchConditions: readonly { readonly name: string; readonly expression: string }[];
}

interface Requirement {
  readonly key: string;
  readonly operator: string;
  readonly values?: readonly string[];
}

interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly operations: readonly string[];
  readonly scope: string;
}

/** All entries, without the migration-gate.dev of their names. */
export const entries: readonly Entry[] = (["validate", "mutate"] as const).flatMap((endpoint) => {
  const [configuration] = objectsIn(`deploy/base/${endpoint === "validate" ? "validating" : "mutating"}-webhook.yaml`);
  const webhooks: readonly Entry[] = JSON.parse(JSON.stringify(configuration?.["webhooks"]));
  return webhooks.map((entry) => ({ ...entry, endpoint, name: entry.name.replace(".migration-gate.dev", "") }));
});

/** What the API server has when it looks for entries: the request as it would send it, and the namespace's labels. */
export interface Occasion {
  readonly endpoint: string;
  readonly request: RawRequest;
  /** value of migration-gate.dev/mode, "" where the namespace has no label */
  readonly mode: string;
}

/** A request as JSON: what is empty is absent, as the API server writes it and as CEL sees it. */
export type RawRequest = Pick<AdmissionRequest, "operation" | "object" | "oldObject"> & {
  readonly resource: { readonly group: string; readonly resource: string };
  readonly subResource?: string;
  readonly namespace?: string;
  readonly userInfo: { readonly username: string; readonly groups?: readonly string[] };
  readonly [field: string]: unknown;
};

/** Names of the entries a request would be sent to. Throws when a condition cannot be evaluated: under failurePolicy Fail that is a denial. */
export function sentTo(occasion: Occasion): readonly string[] {
  return entries.filter((entry) => isSent(entry, occasion)).map(({ name }) => name);
}

function isSent(entry: Entry, occasion: Occasion): boolean {
  if (entry.endpoint !== occasion.endpoint) return false;
  if (!entry.rules.some((rule) => covers(rule, occasion.request)) || !selects(entry, occasion)) return false;
  // each of them, also after one has said no: none may depend on another to be free of errors
  return entry.matchConditions
    .map(({ name, expression }) => holds(entry.name, name, expression, occasion.request))
    .every(Boolean);
}

function covers(
  { apiGroups, resources, operations }: Rule,
  { resource, subResource = "", operation }: RawRequest,
): boolean {
  const name = subResource === "" ? resource.resource : `${resource.resource}/${subResource}`;
  return apiGroups.includes(resource.group) && resources.includes(name) && operations.includes(operation);
}

function selects({ namespaceSelector }: Entry, { request, mode }: Occasion): boolean {
  const labels = new Map([["kubernetes.io/metadata.name", request.namespace ?? ""]]);
  if (mode !== "") labels.set("migration-gate.dev/mode", mode);
  return (namespaceSelector?.matchExpressions ?? []).every(({ key, operator, values }) => {
    const value = labels.get(key);
    if (operator === "Exists") return value !== undefined;
    if (operator === "In") return value !== undefined && values?.includes(value) === true;
    if (operator === "NotIn") return value === undefined || values?.includes(value) !== true;
    throw new Error(`operator ${operator} is not known to this test`);
  });
}

const environment = new Environment({ unlistedVariablesAreDyn: true, homogeneousAggregateLiterals: false });
const compiled = new Map<string, ReturnType<Environment["parse"]>>();

function holds(entry: string, name: string, expression: string, request: RawRequest): boolean {
  try {
    return evaluate(expression, request);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(`${entry}: condition ${name}: ${message}`, { cause: error });
  }
}

/** What an expression says of a request; throws when it cannot be evaluated or is no claim. */
export function evaluate(expression: string, request: RawRequest): boolean {
  const parsed = compiled.get(expression) ?? environment.parse(expression);
  compiled.set(expression, parsed);
  const { object, oldObject, ...rest } = request;
  const answer: unknown = parsed({ request: rest, object: whole(object), oldObject: whole(oldObject) });
  if (typeof answer !== "boolean") throw new Error(`it says ${String(answer)}`);
  return answer;
}

/** Whole numbers are int in the API server's CEL; a JavaScript number would be double. */
function whole(value: unknown): unknown {
  if (typeof value === "number") return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map((item) => whole(item));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, whole(item)]));
}
