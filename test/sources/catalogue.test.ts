import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { sources } from "../../src/sources/index.ts";

const podSpec = { containers: [{ name: "main", image: "x" }] };
const template = { metadata: { annotations: { a: "b" }, labels: { l: "m" } }, spec: podSpec };
const object = (spec: Readonly<Record<string, unknown>>): KubernetesObject => ({
  apiVersion: "v1",
  kind: "It",
  metadata: { name: "it", annotations: { a: "b" }, labels: { l: "m" } },
  spec,
});

describe("sources", () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    ["job", { template }, "spec.template.spec"],
    ["cron-job", { jobTemplate: { spec: { template } } }, "spec.jobTemplate.spec.template.spec"],
    ["deployment", { template }, "spec.template.spec"],
    ["stateful-set", { template }, "spec.template.spec"],
    ["daemon-set", { template }, "spec.template.spec"],
    ["replica-set", { template }, "spec.template.spec"],
    ["pod", podSpec, "spec"],
  ])("%s keeps its Pod at %3$s", (id, spec, path) => {
    const source = sources.find((one) => one.id === id);
    expect(source?.podSpec(object(spec))).toEqual({ spec: podSpec, path, annotations: { a: "b" }, labels: { l: "m" } });
  });

  it.each(sources.map(({ id }) => id))("%s without a template starts nothing", (id) => {
    expect(sources.find((one) => one.id === id)?.podSpec(object({}))).toBeNull();
  });

  it("lists every source file once, under its file's name", () => {
    const files = readdirSync(new URL("../../src/sources/", import.meta.url));
    const shared = new Set(["index.ts", "pod-template.ts"]);
    expect(sources.map(({ id }) => `${id}.ts`).toSorted()).toEqual(
      files.filter((name) => !shared.has(name)).toSorted(),
    );
  });
});
