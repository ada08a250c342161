import { readdirSync, readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { receive } from "../../src/gate/receive.ts";
import { jobReview } from "../support/reviews.ts";

const recorded = new URL("../fixtures/reviews/", import.meta.url);
const changed = (request: Record<string, unknown>, envelope: Record<string, unknown> = {}) => {
  const review = jobReview("uid-1");
  return { ...review, ...envelope, request: { ...review.request, ...request } };
};
const job = jobReview("uid-1").request.object;
const gvk = (group: string, kind: string, version = "v1") => ({ group, version, kind });
const gvr = (group: string, resource: string, version = "v1") => ({ group, version, resource });
const podOptions = { apiVersion: "v1", kind: "PodExecOptions", command: ["psql"] };

describe("a request is taken", () => {
  const cases: Readonly<Record<string, Record<string, unknown>>> = {
    "as the API server writes it": {},
    "with fields this version has never heard of": { requestKind: gvk("batch", "Job"), tomorrow: { x: 1 } },
    "for a name that is still to be generated": {
      name: undefined,
      object: { ...job, metadata: { generateName: "mig-" } },
    },
    "for a deletion, whose object is the old one": { operation: "DELETE", object: null, oldObject: job },
    "for exec, whose object has no metadata": {
      ...{ operation: "CONNECT", kind: gvk("", "PodExecOptions"), resource: gvr("", "pods") },
      ...{ subResource: "exec", object: podOptions, name: "db-1" },
    },
    "for the scale subresource, whose kind is of another group": {
      ...{ operation: "UPDATE", kind: gvk("autoscaling", "Scale"), resource: gvr("postgresql.cnpg.io", "clusters") },
      ...{ subResource: "scale" },
      object: { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "db" }, spec: { replicas: 1 } },
      oldObject: { apiVersion: "autoscaling/v1", kind: "Scale", metadata: { name: "db" }, spec: { replicas: 3 } },
    },
    "for a kind whose plural ends in -ies": {
      ...{
        kind: gvk("migration-gate.dev", "MigrationPolicy"),
        resource: gvr("migration-gate.dev", "migrationpolicies"),
      },
      object: { apiVersion: "migration-gate.dev/v1", kind: "MigrationPolicy", metadata: { name: "p" } },
    },
  };
  it.each(Object.entries(cases))("%s", (_, request) => {
    expect(receive(changed(request), "validate")).toMatchObject({ kind: "request", request: { uid: "uid-1" } });
  });
});

describe("a request is refused, and its uid kept", () => {
  const cases: Readonly<Record<string, readonly [Record<string, unknown>, string]>> = {
    "without a resource": [{ resource: undefined }, "request has no resource"],
    "with an empty resource": [{ resource: gvr("batch", "") }, "request.resource.resource is empty"],
    "with an empty kind": [{ kind: gvk("batch", "") }, "request.kind.kind is empty"],
    "with an unknown operation": [
      { operation: "PATCH" },
      "request.operation must be one of CREATE, UPDATE, DELETE, CONNECT",
    ],
    "without a user": [{ userInfo: undefined }, "request has no userInfo"],
    "with groups that are no list": [
      { userInfo: { username: "a", groups: "b" } },
      "request.userInfo.groups must be array,null",
    ],
    "with a dryRun that is no boolean": [{ dryRun: "false" }, "request.dryRun must be boolean,null"],
    "whose object is a text": [{ object: "Job" }, "request.object must be object,null"],
    "whose object has no kind": [{ object: { apiVersion: "batch/v1", metadata: {} } }, "request.object has no kind"],
    "whose object has no metadata": [{ object: { apiVersion: "batch/v1", kind: "Job" } }, "object has no metadata"],
    "whose annotation is no text": [
      { object: { ...job, metadata: { name: "mig", annotations: { a: 1 } } } },
      "request.object.metadata.annotations.a must be string",
    ],
    "that creates nothing": [{ object: null }, "the CREATE request has no object"],
    "that updates from nothing": [{ operation: "UPDATE" }, "the UPDATE request has no oldObject"],
    "that updates to nothing": [
      { operation: "UPDATE", oldObject: job, object: null },
      "the UPDATE request has no object",
    ],
    "that deletes nothing": [{ operation: "DELETE" }, "the DELETE request has no oldObject"],
    "that connects with nothing": [{ operation: "CONNECT", object: null }, "the CONNECT request has no object"],
    "whose object is of another kind than it says": [
      { object: { ...job, kind: "ConfigMap", apiVersion: "v1" } },
      "object is not of the kind the request names",
    ],
    "whose object is of another group than it says": [
      { object: { ...job, apiVersion: "batch.example/v1" } },
      "object is not of the kind the request names",
    ],
    "whose old object is of another kind than the new": [
      { operation: "UPDATE", oldObject: { ...job, kind: "CronJob" } },
      "oldObject is not of the kind the request names",
    ],
    "whose kind is not that of its resource": [
      { resource: gvr("batch", "cronjobs") },
      "the kind does not belong to the resource",
    ],
    "whose resource is of another group than its kind": [
      { resource: gvr("example.com", "jobs") },
      "the kind does not belong to the resource",
    ],
    "whose data has a key that copying loses": [
      { object: { ...job, data: JSON.parse('{"__proto__": "DROP TABLE a"}') } },
      "a key is named __proto__, which cannot be judged safely",
    ],
  };
  it.each(Object.entries(cases))("%s", (_, [request, reason]) => {
    expect(receive(changed(request), "validate")).toEqual({ kind: "refused", uid: "uid-1", reason });
  });

  it("in another version of the API", () => {
    const review = changed({}, { apiVersion: "admission.k8s.io/v1beta1" });
    const reason = 'apiVersion must be "admission.k8s.io/v1"';
    expect(receive(review, "validate")).toEqual({ kind: "refused", uid: "uid-1", reason });
  });

  it("nested without bound, and the stack survives", () => {
    const deep = JSON.parse(`${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`);
    const answer = receive(changed({ object: { ...job, spec: deep } }), "validate");
    expect(answer).toMatchObject({
      kind: "refused",
      uid: "uid-1",
      reason: "the review is nested deeper than 500 levels",
    });
  });
});

it.each([
  ["missing", undefined],
  ["empty", ""],
  ["a number", 1],
  ["null", null],
])("a uid that is %s is no uid", (_, uid) => {
  expect(receive(changed({ uid }), "validate")).toMatchObject({ kind: "refused", uid: "" });
});

it("never changes the body, whatever it holds", () => {
  const review = changed({ dryRun: null, unknown: { deep: [1] }, object: { ...job, spec: { a: "1", b: 1, c: null } } });
  const before = structuredClone(review);
  receive(review, "mutate");
  expect(review).toEqual(before);
});

it("hands over every field of the object, and absent ones as what they mean", () => {
  const object = { ...job, data: { "up.sql": "DROP TABLE a" }, extra: [1, "1", null] };
  const answer = receive(changed({ object, userInfo: { username: "ann" }, options: null }), "mutate");
  expect(answer).toMatchObject({
    request: { endpoint: "mutate", object, oldObject: null, dryRun: false, options: {}, subResource: "" },
  });
  expect(answer).toMatchObject({ request: { userInfo: { username: "ann", groups: [] } } });
});

it("answers any JSON, and never takes it for a request", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (body) => {
      expect(receive(body, "validate")).toMatchObject({ kind: "refused", reason: expect.stringMatching(/./) });
    }),
  );
});

it("answers a review with anything in one place of its request", () => {
  const field = fc.constantFrom(
    "kind",
    "resource",
    "operation",
    "object",
    "oldObject",
    "userInfo",
    "options",
    "dryRun",
  );
  fc.assert(
    fc.property(field, fc.jsonValue(), (name, value) => {
      const answer = receive(changed({ [name]: value }), "validate");
      expect(answer.kind === "request" ? answer.request.uid : answer.uid).toBe("uid-1");
    }),
  );
});

describe("every review that a real API server sent is taken", () => {
  const files = readdirSync(recorded).filter((name) => name.endsWith(".json"));
  it("there are many of them", () => expect(files.length).toBeGreaterThan(100));
  it.each(files)("%s", (file) => {
    const body = JSON.parse(readFileSync(new URL(file, recorded), "utf8"));
    const answer = receive(body, file.includes("-mutate-") ? "mutate" : "validate");
    expect(answer).toMatchObject({ kind: "request", request: { uid: body.request.uid, dryRun: body.request.dryRun } });
  });
});
