import { Ajv } from "ajv";
import type { GroupVersionKind, GroupVersionResource, Operation, UserInfo } from "./model/kubernetes.ts";

/** An object as it stands in a review; options of exec have no metadata. */
export interface WireObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

/** A request as the API server writes it: what is empty may be absent or null. */
export interface WireRequest {
  readonly uid: string;
  readonly kind: GroupVersionKind;
  readonly resource: GroupVersionResource;
  readonly subResource?: string;
  readonly name?: string;
  readonly namespace?: string;
  readonly operation: Operation;
  readonly userInfo: Omit<UserInfo, "groups"> & { readonly groups?: readonly string[] | null };
  readonly object?: WireObject | null;
  readonly oldObject?: WireObject | null;
  readonly dryRun?: boolean | null;
  readonly options?: Readonly<Record<string, unknown>> | null;
}

const text = { type: "string" };
const named = { type: "string", minLength: 1 };
const optional = { type: ["string", "null"] };
const texts = { type: ["array", "null"], items: text };
const textMap = { type: ["object", "null"], additionalProperties: text };
const owner = {
  type: "object",
  required: ["apiVersion", "kind", "name", "uid"],
  properties: { apiVersion: text, kind: text, name: text, uid: text },
};
const metadata = {
  type: "object",
  properties: {
    ...{ name: text, namespace: text, generateName: text, uid: text, labels: textMap, annotations: textMap },
    ...{ creationTimestamp: optional, deletionTimestamp: optional, finalizers: texts },
    ownerReferences: { type: ["array", "null"], items: owner },
  },
};
const object = {
  type: ["object", "null"],
  required: ["apiVersion", "kind"],
  properties: { apiVersion: named, kind: named, metadata },
};
const groupVersion = (third: "kind" | "resource") => ({
  ...{ type: "object", required: ["group", "version", third] },
  properties: { group: text, version: named, [third]: named },
});
const request = {
  type: "object",
  required: ["uid", "kind", "resource", "operation", "userInfo"],
  properties: {
    uid: named,
    kind: groupVersion("kind"),
    // A request without a resource would match no step at all and slip through as "not the gate's business".
    resource: groupVersion("resource"),
    ...{ subResource: text, name: text, namespace: text, object, oldObject: object },
    operation: { enum: ["CREATE", "UPDATE", "DELETE", "CONNECT"] },
    userInfo: {
      type: "object",
      required: ["username"],
      properties: {
        ...{ username: text, uid: text, groups: texts },
        extra: { type: "object", additionalProperties: { type: "array", items: text } },
      },
    },
    ...{ dryRun: { type: ["boolean", "null"] }, options: { type: ["object", "null"] } },
  },
};
// Only v1: a v1beta1 answer has other rules, and no supported API server asks for it.
const schema = {
  type: "object",
  required: ["apiVersion", "kind", "request"],
  properties: { apiVersion: { const: "admission.k8s.io/v1" }, kind: { const: "AdmissionReview" }, request },
};

// Removing, coercing or defaulting would judge something else than what the API server is going to store.
const ajv = new Ajv({ removeAdditional: false, coerceTypes: false, useDefaults: false, allowUnionTypes: true });
/** The shape of an AdmissionReview; its `errors` say what is wrong. */
export const isReview = ajv.compile<{ readonly request: WireRequest }>(schema);
