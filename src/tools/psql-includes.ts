import type { Files, Word } from "../model/run.ts";
import { knownText } from "../model/word.ts";

const MOST_INCLUDES = 200;

/**
 * The texts that `\i` and `\ir` of a psql script can reach, by path as written and as found. A name that means two
 * different files is left out: then the include stays unresolved, and so opaque. `script` is "" for standard input.
 */
export function includesOf(script: string, text: Word, files: Files): Readonly<Record<string, string>> {
  const found = new Map<string, string | null>();
  const waiting = [{ script, text }];
  for (let next = waiting.shift(); next !== undefined && found.size < MOST_INCLUDES; next = waiting.shift()) {
    for (const include of resolvedIncludes(next.script, next.text, files)) {
      if (!found.has(include.path)) waiting.push({ script: include.path, text: [include.text] });
      for (const name of [include.path, include.written]) addOnce(found, name, include.text);
    }
  }
  return Object.fromEntries([...found].filter((entry): entry is [string, string] => entry[1] !== null));
}

/** null once a name has meant two texts */
function addOnce(found: Map<string, string | null>, name: string, text: string): void {
  const before = found.get(name);
  found.set(name, before === undefined || before === text ? text : null);
}

interface Include {
  readonly written: string;
  readonly path: string;
  readonly text: string;
}

function resolvedIncludes(script: string, text: Word, files: Files): readonly Include[] {
  return includesIn(text).flatMap((include) => {
    const path = include.relative ? besides(script, include.path) : include.path;
    const included = textAt(path, files);
    return included === null ? [] : [{ written: include.path, path, text: included }];
  });
}

/** May find more than psql will run (in a comment, say): what is offered and not asked for does no harm. */
function includesIn(text: Word): readonly { readonly path: string; readonly relative: boolean }[] {
  const known = text.map((part) => (typeof part === "string" ? part : "\\")).join("");
  const found = known.matchAll(/\\(ir|i|include_relative|include)\s+('(?:[^'\\\n]|''|\\.)*'|[^\s\\]+)/g);
  return [...found].map(([, command = "", path = ""]) => ({
    path: path.replace(/^'(.*)'$/, "$1"),
    relative: command === "ir" || command === "include_relative",
  }));
}

function textAt(path: string, files: Files): string | null {
  const reading = files.read(path);
  return reading.kind === "text" ? knownText(reading.text) : null;
}

function besides(script: string, path: string): string {
  if (path.startsWith("/") || !script.includes("/")) return path;
  return `${script.slice(0, script.lastIndexOf("/"))}/${path}`;
}
