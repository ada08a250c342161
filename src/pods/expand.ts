import type { Word } from "../model/run.ts";
import { anyVariable, joinWords } from "../model/word.ts";

/**
 * `$(VAR)` and `$$` as Kubernetes expands them in env values, command and args, before any shell sees them. A variable
 * that is certainly not defined stays as written; so does a `$(` without an end, and a lone `$`.
 */
export function expandReferences(text: string, env: ReadonlyMap<string, Word>): Word {
  const parts: Word[] = [];
  let rest = text;
  for (let dollar = rest.indexOf("$"); dollar >= 0; dollar = rest.indexOf("$")) {
    parts.push([rest.slice(0, dollar)]);
    const read = readReference(rest.slice(dollar), env);
    parts.push(read.word);
    rest = rest.slice(dollar + read.length);
  }
  return joinWords([...parts, [rest]]);
}

/** `text` begins with a dollar sign. */
function readReference(text: string, env: ReadonlyMap<string, Word>): { readonly word: Word; readonly length: number } {
  if (text.startsWith("$$")) return { word: ["$"], length: 2 };
  const end = text.indexOf(")");
  if (!text.startsWith("$(") || end < 0) return { word: [text.slice(0, 2)], length: Math.min(2, text.length) };
  const name = text.slice(2, end);
  const value = env.get(name) ?? (isVariableName(name) ? env.get(anyVariable) : undefined);
  return { word: value ?? [text.slice(0, end + 1)], length: end + 1 };
}

/** Names a Secret or a ConfigMap can define: "$(date +%s)" is a shell's substitution, never a variable. */
function isVariableName(name: string): boolean {
  return /^[-._a-zA-Z][-._a-zA-Z0-9]*$/.test(name);
}
