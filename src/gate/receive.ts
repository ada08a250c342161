import type { ErrorObject } from "ajv";
import { isReview, type WireObject, type WireRequest } from "../admission-review.ts";
import type { AdmissionRequest, Operation } from "../model/kubernetes.ts";

/** A request the gate can judge, or why not. `uid` is kept whenever one could be read, "" otherwise: without it no answer counts. */
export type Received =
  | { readonly kind: "request"; readonly request: AdmissionRequest }
  | { readonly kind: "refused"; readonly uid: string; readonly reason: string };

/**
 * Reads one AdmissionReview (parsed JSON) and checks it against itself. The body is never changed. What is refused has no
 * request, so no later step can take it for something harmless.
 */
export function receive(body: unknown, endpoint: AdmissionRequest["endpoint"]): Received {
  const uid = uidOf(body);
  const refused = (reason: string): Received => ({ kind: "refused", uid, reason });
  const shape = unsafeShape(body);
  if (shape !== null) return refused(shape);
  if (!isReview(body)) return refused(inWords(isReview.errors?.[0]));
  const wire = body.request;
  const problem = contradiction(wire);
  return problem === null ? { kind: "request", request: normalised(wire, endpoint) } : refused(problem);
}

function uidOf(body: unknown): string {
  const asked = isRecord(body) ? body["request"] : undefined;
  const uid = isRecord(asked) ? asked["uid"] : undefined;
  return typeof uid === "string" ? uid : "";
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

const deepest = 500;

/** `__proto__` is a legal ConfigMap key that copying loses without a word; boundless nesting exhausts the stack of every later step. */
function unsafeShape(value: unknown, depth = 0): string | null {
  if (!isRecord(value)) return null;
  if (depth > deepest) return `the review is nested deeper than ${deepest} levels`;
  // By plain recursion, bounded above: it looks at every value of every review.
  for (const key in value) {
    const problem = key === "__proto__" ? prototypeKey : unsafeShape(value[key], depth + 1);
    if (problem !== null) return problem;
  }
  return null;
}

const prototypeKey = "a key is named __proto__, which cannot be judged safely";

/** Field and what is allowed there; never the value that stands there. */
function inWords(error: ErrorObject | undefined): string {
  if (error === undefined) return "this is not an AdmissionReview";
  const field = error.instancePath.slice(1).replaceAll("/", ".") || "the body";
  if (error.keyword === "const") return `${field} must be "${error.params["allowedValue"]}"`;
  if (error.keyword === "enum") return `${field} must be one of ${error.params["allowedValues"].join(", ")}`;
  if (error.keyword === "required") return `${field} has no ${error.params["missingProperty"]}`;
  if (error.keyword === "minLength") return `${field} is empty`;
  return `${field} ${error.message ?? "is not as the API server writes it"}`;
}

const needed: Readonly<Record<Operation, readonly ("object" | "oldObject")[]>> = {
  CREATE: ["object"],
  UPDATE: ["object", "oldObject"],
  DELETE: ["oldObject"],
  CONNECT: ["object"],
};

/** Resource, kind and object must tell the same story: a crafted one would be judged as one thing and stored as another. */
function contradiction(wire: WireRequest): string | null {
  const absent = needed[wire.operation].find((field) => !wire[field]);
  if (absent !== undefined) return `the ${wire.operation} request has no ${absent}`;
  const story = mismatch("object", wire) ?? mismatch("oldObject", wire);
  if (story !== null) return story;
  return kindFits(wire) ? null : "the kind does not belong to the resource";
}

function mismatch(field: "object" | "oldObject", wire: WireRequest): string | null {
  const held = wire[field];
  if (!held) return null;
  const { group, version, kind } = wire.kind;
  const apiVersion = group === "" ? version : `${group}/${version}`;
  if (held.apiVersion !== apiVersion || held.kind !== kind) return `${field} is not of the kind the request names`;
  return held.metadata || wire.operation === "CONNECT" ? null : `${field} has no metadata`;
}

/** A subresource may carry a kind of another group (Scale, Eviction, PodExecOptions); an object itself may not. */
function kindFits({ kind, resource, subResource }: WireRequest): boolean {
  if (subResource) return true;
  if (kind.group !== resource.group || kind.version !== resource.version) return false;
  return pluralsOf(kind.kind.toLowerCase()).includes(resource.resource);
}

/** Kubernetes' own rule for guessing a resource; every resource the gate is registered for follows it. */
function pluralsOf(kind: string): readonly string[] {
  if (/(s|x|z|ch|sh)$/.test(kind)) return [`${kind}es`, kind];
  return /[^aeiou]y$/.test(kind) ? [`${kind.slice(0, -1)}ies`] : [`${kind}s`];
}

function normalised(wire: WireRequest, endpoint: AdmissionRequest["endpoint"]): AdmissionRequest {
  const { userInfo, name = "" } = wire;
  return {
    endpoint,
    uid: wire.uid,
    kind: wire.kind,
    resource: wire.resource,
    subResource: wire.subResource ?? "",
    name,
    namespace: wire.namespace ?? "",
    operation: wire.operation,
    userInfo: { ...userInfo, groups: userInfo.groups ?? [] },
    object: withName(wire.object, name),
    oldObject: withName(wire.oldObject, name),
    dryRun: wire.dryRun ?? false,
    options: wire.options ?? {},
  };
}

/** Options of exec have no metadata, an object with generateName may have no name yet. */
function withName(held: WireObject | null | undefined, name: string): AdmissionRequest["object"] {
  return held ? { ...held, metadata: { ...held.metadata, name: held.metadata?.name ?? name } } : null;
}
