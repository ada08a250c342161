import { Ajv, type ErrorObject } from "ajv";
import type { FieldPath } from "./document.ts";
import { type PolicyFile, policySchema } from "./schema.ts";

/** A field that the schema refuses, and why, in words that name the allowed values. */
export interface FieldProblem {
  readonly path: FieldPath;
  readonly text: string;
}

/** What the format will know one day. Until then it is refused by name: evidence that nobody checks is no evidence. */
const fieldsNotBuilt = new Set([
  "archiving",
  "drilledWithin",
  "notAuthor",
  "checkpoint",
  "breakGlass",
  "flags",
  "apps",
  "kubernetesUsers",
  "kubernetesGroups",
]);
const valuesNotBuilt: Readonly<Record<string, readonly string[]>> = {
  trust: ["object"],
  evidence: ["expand-applied", "feature-flag", "app-versions", "rehearsal", "restore-drill"],
};

const validate = new Ajv({ allErrors: true, verbose: true, discriminator: true, strict: true }).compile<PolicyFile>(
  policySchema,
);

/** Data → a policy file's fields, or what is wrong with them. */
export function checkSchema(value: unknown): PolicyFile | readonly FieldProblem[] {
  if (validate(value)) return value;
  return (validate.errors ?? []).filter(({ keyword }) => keyword !== "if").map(describe);
}

function describe(error: ErrorObject): FieldProblem {
  const path = pathOf(error.instancePath);
  switch (error.keyword) {
    case "additionalProperties":
      return unknownField([...path, String(error.params["additionalProperty"])], error);
    case "required":
      return missingField([...path, String(error.params["missingProperty"])], error);
    case "discriminator":
      return wrongEvidence([...path, "evidence"], error);
    default:
      return wrongValue(path, error.data, allowed(error.parentSchema));
  }
}

function unknownField(path: FieldPath, error: ErrorObject): FieldProblem {
  const known = Object.keys(record(record(error.parentSchema)["properties"])).join(", ");
  const noun = error.instancePath === "/spec/hazards" ? "a hazard" : "a field";
  const verdict = fieldsNotBuilt.has(String(path.at(-1))) ? "not built yet" : `not ${noun}`;
  return { path, text: `${printPath(path)} is ${verdict}; one of ${known}` };
}

function missingField(path: FieldPath, error: ErrorObject): FieldProblem {
  const schema = record(record(error.parentSchema)["properties"])[String(path.at(-1))];
  return { path, text: `${printPath(path)} is missing; ${allowed(resolve(schema))}` };
}

function wrongEvidence(path: FieldPath, error: ErrorObject): FieldProblem {
  const value: unknown = error.params["tagValue"];
  if (value === undefined) return { path, text: `${printPath(path)} is missing; ${evidenceList(error)}` };
  return wrongValue(path, value, evidenceList(error));
}

function evidenceList(error: ErrorObject): string {
  const branches: unknown = record(error.parentSchema)["oneOf"];
  const ids = (Array.isArray(branches) ? branches : []).map(
    (branch) => record(record(record(branch)["properties"])["evidence"])["const"],
  );
  return `one of ${ids.join(", ")}`;
}

function wrongValue(path: FieldPath, value: unknown, expected: string): FieldProblem {
  const later = valuesNotBuilt[String(path.at(-1))]?.find((known) => known === value);
  const verdict = later === undefined ? ` is ${show(value)}` : `: ${later} is not built yet`;
  return { path, text: `${printPath(path)}${verdict}; ${expected}` };
}

/** The schema says itself what it allows: its values where they are listed, else its description. */
function allowed(schema: unknown): string {
  const { enum: values, description } = record(schema);
  if (!Array.isArray(values)) return `it must be ${String(description)}`;
  return values.length === 1 ? `it must be ${values[0]}` : `one of ${values.join(", ")}`;
}

function resolve(schema: unknown): unknown {
  return record(schema)["$ref"] === "#/definitions/price" ? policySchema.definitions.price : schema;
}

function show(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  if (typeof value === "object" && value !== null) return Array.isArray(value) ? "a list" : "a map";
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}

function pathOf(pointer: string): FieldPath {
  return pointer
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

/** "spec.hazards.data-loss.require[0].count", with quotes where a key is no plain word. */
export function printPath(path: FieldPath): string {
  return path.map(printPart).join("").replace(/^\./, "") || "the file";
}

function printPart(part: string | number): string {
  if (typeof part === "number") return `[${part}]`;
  return /^[\w-]+$/.test(part) ? `.${part}` : `[${JSON.stringify(part)}]`;
}
