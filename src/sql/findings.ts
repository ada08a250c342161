import type { RuleHit } from "../model/sql.ts";

/** What one text, or the body of one function, has been found to do. */
export interface Findings {
  readonly hits: RuleHit[];
  readonly opaque: { readonly line: number; readonly reason: string }[];
  /** names of functions, procedures and triggers it calls, schema apart */
  readonly calls: Set<string>;
  changesSchema: boolean;
}

/** A function that the request defines; what its body does counts once something calls it. */
export interface DefinedFunction {
  readonly name: string;
  readonly findings: Findings;
  /** findings of the text that defines it */
  readonly home: Findings;
}

/** Nothing found yet. */
export function emptyFindings(): Findings {
  return { hits: [], opaque: [], calls: new Set(), changesSchema: false };
}

/**
 * Bodies run when the request calls them, directly, in a trigger or through one another: theirs become findings of the
 * text that defines them. Overloads and schemas are not told apart: each function of a called name counts.
 */
export function addCalledFunctions(texts: readonly Findings[], functions: readonly DefinedFunction[]): void {
  const waiting = new Set(functions);
  const called = texts.flatMap((findings) => [...findings.calls]);
  for (let name = called.pop(); name !== undefined; name = called.pop()) {
    for (const defined of waiting) {
      if (defined.name !== name) continue;
      waiting.delete(defined);
      called.push(...defined.findings.calls);
      defined.home.hits.push(...defined.findings.hits);
      defined.home.opaque.push(...defined.findings.opaque);
      defined.home.changesSchema ||= defined.findings.changesSchema;
    }
  }
}
