import type { TestBinaryExpression, TestExpression, TestUnaryExpression } from "unbash";
import type { Word } from "../model/run.ts";
import type { Shell, Status } from "./engine.ts";
import { expandPattern, expandText, visitSubstitutions } from "./expand.ts";
import { matches } from "./patterns.ts";
import { readFile } from "./virtual-files.ts";
import { known } from "./words.ts";

/** `[[ … ]]`, as far as strings and mounted files decide it. */
export function runTest(expression: TestExpression, shell: Shell): Status {
  switch (expression.type) {
    case "TestUnary":
      return testOne(expression.operator, unary(expression, shell), shell);
    case "TestBinary":
      return binary(expression, shell);
    case "TestGroup":
      return runTest(expression.expression, shell);
    case "TestNot":
    case "TestLogical":
      visitSubstitutions(expression, shell);
      return "unknown";
  }
}

/** `[ … ]` and `test`, the same. */
export function runTestCommand(args: readonly Word[], shell: Shell): Status {
  if (args.some((word) => word.some((piece) => typeof piece !== "string" && piece.splits === true))) return "unknown";
  const [first = [], second = [], third = []] = args;
  if (args.length > 1 && known(first) === "!") return opposite(runTestCommand(args.slice(1), shell));
  if (args.length === 0) return "failure";
  if (args.length === 1) return testOne("-n", first, shell);
  if (args.length === 2) return testOne(known(first) ?? "", second, shell);
  return args.length === 3 ? compared(first, known(second), third) : "unknown";
}

function compared(left: Word, operator: string | null, right: Word): Status {
  const same = sameText(known(left), known(right));
  if (operator === "=" || operator === "==") return same;
  return operator === "!=" ? opposite(same) : "unknown";
}

export function opposite(status: Status): Status {
  if (status === "unknown") return "unknown";
  return status === "success" ? "failure" : "success";
}

function unary(expression: TestUnaryExpression, shell: Shell): Word {
  return expandText(expression.operand, shell);
}

function testOne(operator: string, operand: Word, shell: Shell): Status {
  if (operator === "-n" || operator === "-z") {
    const status = isEmpty(operand);
    return operator === "-z" ? status : opposite(status);
  }
  if (operator !== "-f" && operator !== "-e" && operator !== "-r") return "unknown";
  const reading = readFile(shell, operand);
  if (reading.kind === "unknown") return "unknown";
  if (reading.kind === "text") return "success";
  return operator === "-f" ? "failure" : "unknown"; // a directory is there, too, and is no file
}

function isEmpty(word: Word): Status {
  const text = known(word);
  if (text !== null) return text === "" ? "success" : "failure";
  return word.some((piece) => typeof piece === "string" && piece !== "") ? "failure" : "unknown";
}

function binary(expression: TestBinaryExpression, shell: Shell): Status {
  const left = known(expandText(expression.left, shell));
  const { operator } = expression;
  if (operator !== "==" && operator !== "=" && operator !== "!=") {
    visitSubstitutions(expression.right, shell);
    return "unknown";
  }
  const pattern = expandPattern(expression.right, shell);
  const matched = left === null || pattern === null ? null : matches(pattern, left);
  if (matched === null) return "unknown";
  return matched === (operator !== "!=") ? "success" : "failure";
}

function sameText(a: string | null, b: string | null): Status {
  if (a === null || b === null) return "unknown";
  return a === b ? "success" : "failure";
}
