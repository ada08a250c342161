import type { RuleHit } from "../model/sql.ts";

/** What one text, or the body of one function, has been found to do. */
export interface Findings {
  readonly hits: RuleHit[];
  readonly opaque: { readonly line: number; readonly reason: string }[];
  /** names of functions, procedures and triggers it calls, schema apart */
  readonly calls: Set<string>;
  /** calls for their effect (CALL, SELECT, PERFORM) of functions that may be defined nowhere in sight */
  readonly unproven: { readonly name: string; readonly line: number }[];
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
  return { hits: [], opaque: [], calls: new Set(), unproven: [], changesSchema: false };
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
      defined.home.unproven.push(...defined.findings.unproven);
      defined.home.changesSchema ||= defined.findings.changesSchema;
    }
  }
}

/** A function that is called for what it does and is defined nowhere in the request may do anything. */
export function addUnseenFunctions(texts: readonly Findings[], functions: readonly DefinedFunction[]): void {
  const defined = new Set(functions.map(({ name }) => name));
  for (const { unproven, opaque } of texts) {
    const unseen = new Map(unproven.filter(({ name }) => !defined.has(name)).map(({ name, line }) => [name, line]));
    for (const [name, line] of unseen)
      opaque.push({ line, reason: `${name}() is defined elsewhere: what it does cannot be seen` });
  }
}
