import type { ArithmeticExpression } from "unbash";
import type { Word } from "../model/run.ts";
import { reportAt, type Shell } from "./engine.ts";
import { originAt } from "./source.ts";
import { assign, lookUp, scalar, unknownValue } from "./variables.ts";
import { known, unknownWord } from "./words.ts";

const LARGEST = 2 ** 53;

/** The value of `$(( … ))` for plain decimal numbers and + - * / %; the rest is unknown. Assigned names become unknown. */
export function arithmetic(expression: ArithmeticExpression | undefined, shell: Shell): Word {
  if (expression === undefined) return ["0"];
  forgetAssigned(expression, shell);
  const value = evaluate(expression, shell);
  return value === null || Math.abs(value) > LARGEST ? unknownWord("the result of a calculation") : [String(value)];
}

function evaluate(expression: ArithmeticExpression, shell: Shell): number | null {
  switch (expression.type) {
    case "ArithmeticWord":
      return number(expression.value, expression.pos, shell);
    case "ArithmeticGroup":
      return evaluate(expression.expression, shell);
    case "ArithmeticBinary": {
      const left = evaluate(expression.left, shell);
      const right = evaluate(expression.right, shell);
      return left === null || right === null ? null : calculate(expression.operator, left, right);
    }
    case "ArithmeticUnary":
    case "ArithmeticTernary":
    case "ArithmeticCommandExpansion":
      return null;
  }
}

function calculate(operator: string, left: number, right: number): number | null {
  if (operator === "+") return left + right;
  if (operator === "-") return left - right;
  if (operator === "*") return left * right;
  if (right === 0) return null;
  if (operator === "/") return Math.trunc(left / right);
  return operator === "%" ? left % right : null;
}

function number(text: string, pos: number, shell: Shell): number | null {
  if (isDecimal(text)) return Number(text);
  const name = text.startsWith("$") ? text.slice(1) : text;
  if (!isName(name)) return null;
  const value = known(scalar(lookUp(shell, name)));
  // bash reads a value as an expression again, and runs the commands in an index
  if (value !== null && /[$`]/.test(value))
    reportAt(shell, `a calculation with $${name}, which holds commands`, "dynamic", pos);
  return value !== null && isDecimal(value) ? Number(value) : null;
}

/** Every name on the left of an assignment, ++ or -- may change, whether or not the expression gets there. */
function forgetAssigned(expression: ArithmeticExpression, shell: Shell): void {
  const change = (target: ArithmeticExpression): void => {
    if (target.type !== "ArithmeticWord") return;
    const name = target.value.startsWith("$") ? "" : (target.value.split("[")[0] ?? "");
    if (isName(name)) assign(shell, name, unknownValue(`${name} is calculated`), originAt(shell.source, target.pos));
  };
  switch (expression.type) {
    case "ArithmeticBinary":
      forgetAssigned(expression.left, shell);
      forgetAssigned(expression.right, shell);
      if (expression.operator.endsWith("=") && !COMPARISONS.has(expression.operator)) change(expression.left);
      break;
    case "ArithmeticUnary":
      forgetAssigned(expression.operand, shell);
      if (expression.operator === "++" || expression.operator === "--") change(expression.operand);
      break;
    case "ArithmeticTernary":
      for (const part of [expression.test, expression.consequent, expression.alternate]) forgetAssigned(part, shell);
      break;
    case "ArithmeticGroup":
      forgetAssigned(expression.expression, shell);
      break;
    case "ArithmeticWord":
    case "ArithmeticCommandExpansion":
      break;
  }
}

const COMPARISONS = new Set(["==", "!=", "<=", ">="]);

/** No leading zero: that would be octal. */
function isDecimal(text: string): boolean {
  if (text === "" || text.length > 15 || (text.length > 1 && text.startsWith("0"))) return false;
  return [...text].every((char) => char >= "0" && char <= "9");
}

function isName(text: string): boolean {
  return text !== "" && [...text].every((char, at) => char === "_" || isLetter(char) || (at > 0 && isDecimal(char)));
}

function isLetter(char: string): boolean {
  return (char >= "a" && char <= "z") || (char >= "A" && char <= "Z");
}
