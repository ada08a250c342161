import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import type { Manifest } from "./objects.ts";

/**
 * Checks objects against the schemas that their API servers use: Kubernetes' own OpenAPI and the CRDs, from the releases
 * that each file names. Stricter than an API server: a field no schema knows is a mistake here, not dropped.
 */
export function createSchemas(): { problemsOf(object: Manifest): readonly string[] } {
  const validators = new Map([...kubernetesKinds(), ...customKinds()]);
  return {
    problemsOf(object) {
      const key = `${object["apiVersion"]} ${object["kind"]}`;
      const validate = validators.get(key);
      if (validate === undefined) return [`no schema for ${key}`];
      if (validate(object)) return [];
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
}

const folder = join(import.meta.dirname, "../fixtures/schemas");
const kubernetesFile = "kubernetes-1.35.4.json";

type Schema = Readonly<Record<string, unknown>>;
interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function kubernetesKinds(): readonly (readonly [string, ValidateFunction])[] {
  const file: {
    readonly kinds: readonly (Kind & { readonly definition: string })[];
    readonly definitions: Readonly<Record<string, Schema>>;
  } = read(kubernetesFile);
  const ajv = createAjv().addSchema({ $id: "kubernetes", definitions: strict(file.definitions) });
  return file.kinds.map((kind) => [keyOf(kind), ajv.compile({ $ref: `kubernetes#/definitions/${kind.definition}` })]);
}

function customKinds(): readonly (readonly [string, ValidateFunction])[] {
  const files = readdirSync(folder).filter((name) => name !== kubernetesFile);
  return files.map((name) => {
    const file: Kind & { readonly schema: { readonly properties: Schema } } = read(name);
    const schema = strict({ ...file.schema, properties: { ...file.schema.properties, metadata } });
    return [keyOf(file), createAjv().compile(schema)];
  });
}

/** CRDs leave metadata to Kubernetes. */
const strings = { type: "object", additionalProperties: { type: "string" } };
const metadata = {
  type: "object",
  required: ["name"],
  properties: { name: { type: "string" }, namespace: { type: "string" }, labels: strings, annotations: strings },
};

function keyOf({ group, version, kind }: Kind): string {
  return `${group === "" ? version : `${group}/${version}`} ${kind}`;
}

function createAjv(): Ajv {
  return new Ajv({ strict: false, allErrors: true });
}

/** The same schema, without room for fields it does not name. */
function strict<T>(schema: T): T;
function strict(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map((item) => strict(item));
  if (typeof schema !== "object" || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, strict(value)]));
  const isClosed = "properties" in schema && schemaOfObject(schema) && !("additionalProperties" in schema);
  return isClosed ? { ...inner, additionalProperties: false } : inner;
}

/** A field that happens to be called "properties" has schemas as values, and no type of its own. */
function schemaOfObject(schema: object): boolean {
  return "type" in schema && schema.type === "object";
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(join(folder, name), "utf8"));
}
