/** Something wrong in a policy file: the line, counted from 1, and field and allowed values in words. */
export interface PolicyProblem {
  readonly line: number;
  readonly text: string;
}

/** A policy that must not be used. The message has one line a problem: "file:line: field is wrong; what is allowed". */
export class PolicyError extends Error {
  readonly code = "policy-invalid";

  constructor(file: string, problems: readonly PolicyProblem[]) {
    const sorted = problems.toSorted((one, other) => one.line - other.line);
    super(sorted.map(({ line, text }) => `${file}:${line}: ${text}`).join("\n"));
    this.name = "PolicyError";
  }
}
