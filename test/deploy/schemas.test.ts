import { describe, expect, it } from "vitest";
import { objectsIn, writtenUnder } from "./objects.ts";
import { createSchemas } from "./schemas.ts";

const schemas = createSchemas();

describe("every object that deploy/ would create", () => {
  it.for(
    writtenUnder("deploy").map(({ file, object }) => ({
      file,
      object,
      name: `${file} ${object["kind"]} ${nameOf(object)}`,
    })),
  )("$name fits its schema", ({ object }) => {
    expect(schemas.problemsOf(object)).toEqual([]);
  });
});

describe("the schemas", () => {
  const [deployment = {}] = objectsIn("deploy/base/deployment.yaml");

  it.for([
    ["an unknown field", { spec: { ...fieldsOf(deployment["spec"]), replica: 2 } }, "replica"],
    ["a wrong type", { spec: { ...fieldsOf(deployment["spec"]), replicas: "2" } }, "/spec/replicas must be integer"],
    ["a missing field", { spec: { replicas: 2 } }, "selector"],
    ["an unknown kind", { kind: "Deploymnet" }, "no schema"],
  ] as const)("refuse %s", ([, change, problem]) => {
    expect(schemas.problemsOf({ ...deployment, ...change }).join("\n")).toContain(problem);
  });
});

function nameOf(object: Readonly<Record<string, unknown>>): unknown {
  return fieldsOf(object["metadata"])["name"];
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
