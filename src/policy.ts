import { ruleIds } from "./catalogues.ts";
import type { Policy } from "./model/policy.ts";
import { type PolicyDocument, parsePolicyDocument } from "./policy/document.ts";
import { checkMeaning } from "./policy/meaning.ts";
import { toPolicy } from "./policy/normalize.ts";
import { PolicyError, type PolicyProblem } from "./policy/problem.ts";
import { checkSchema, type FieldProblem } from "./policy/schema-check.ts";

export { PolicyError } from "./policy/problem.ts";
export { selectPolicy } from "./policy/select.ts";

/**
 * Policy file text → Policy. Rules are known by the catalogues, so that a misspelt price is an error. Throws
 * PolicyError, which names file, line, field and allowed values of everything that is wrong.
 */
export function readPolicy(text: string, file: string): Policy {
  const document = parsePolicyDocument(text);
  if ("problems" in document) throw new PolicyError(file, document.problems);
  const checked = checkSchema(document.value);
  if (!("spec" in checked)) throw new PolicyError(file, withLines(checked, document));
  const problems = checkMeaning(checked, ruleIds);
  if (problems.length > 0) throw new PolicyError(file, withLines(problems, document));
  return toPolicy(checked, file);
}

function withLines(problems: readonly FieldProblem[], document: PolicyDocument): readonly PolicyProblem[] {
  return problems.map(({ path, text }) => ({ line: document.lineOf(path), text }));
}
