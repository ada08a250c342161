import type { HereDoc, Redirect, Redirection, WordPart } from "unbash";
import type { FileReading, Origin, Stdin, Word } from "../model/run.ts";
import type { Channel, Outcome, Shell } from "./engine.ts";
import { expandParts, expandText } from "./expand.ts";
import { originAt, revive } from "./source.ts";
import { assign, unknownValue } from "./variables.ts";
import { fileOf, readFile, writeFile } from "./virtual-files.ts";
import { concat, known, unknownWord } from "./words.ts";

/** Where an output goes: to whoever reads this command, to standard error, nowhere, or into a file. */
type Destination =
  | { readonly kind: "out" }
  | { readonly kind: "error" }
  | { readonly kind: "nowhere" }
  | { readonly kind: "file"; readonly file: Word; readonly before: FileReading | null };

export interface Plumbing {
  stdin: Channel;
  out: Destination;
  error: Destination;
}

/** Reads the redirections of a command from left to right; files are emptied before it runs. */
export function plumb(redirects: readonly Redirection[], shell: Shell, stdin: Channel): Plumbing {
  const plumbing: Plumbing = { stdin, out: { kind: "out" }, error: { kind: "error" } };
  for (const redirect of redirects) {
    if (redirect.type === "HereDoc") {
      hereInput(redirect, plumbing, hereDocument(redirect, shell), originAt(shell.source, redirect.body.pos));
    } else if (redirect.type === "HereString") {
      const text = redirect.target === undefined ? [] : expandText(redirect.target, shell);
      hereInput(redirect, plumbing, concat(text, ["\n"]), originAt(shell.source, redirect.pos));
    } else redirectFile(redirect, plumbing, shell);
  }
  return plumbing;
}

/** Sends what a command printed where its redirections say. */
export function drain(outcome: Outcome, plumbing: Plumbing, shell: Shell, origin: Origin): Outcome {
  const { out, error } = plumbing;
  const mixed = outcome.stray && sameDestination(out, error);
  const output = mixed ? unknownWord("output mixed with error messages") : outcome.output;
  if (out.kind === "file") store(shell, out, output, outcome.origin ?? origin);
  const toFile = error.kind === "file" && outcome.stray && !mixed;
  if (toFile) store(shell, error, unknownWord("error messages of a command"), origin);
  const joins = error.kind === "out" && outcome.stray;
  const kept = out.kind === "out" ? output : [];
  return {
    output: joins && !mixed ? unknownWord("error messages of a command") : kept,
    origin: kept.length === 0 || mixed ? null : outcome.origin,
    status: outcome.status,
    stray: (outcome.stray && error.kind === "error") || (out.kind === "error" && outcome.output.length > 0),
  };
}

/** What the next command of a pipeline reads. */
export function toStdin(outcome: Outcome, origin: Origin): Stdin {
  const [first, ...rest] = outcome.output;
  if (rest.length === 0 && first !== undefined && typeof first !== "string") {
    return { kind: "unknown", reason: first.unknown };
  }
  return { kind: "text", text: outcome.output, origin: outcome.origin ?? origin };
}

function store(shell: Shell, to: Extract<Destination, { kind: "file" }>, output: Word, origin: Origin): void {
  if (to.before === null) return writeFile(shell, to.file, fileOf(output, origin));
  const { before } = to;
  const held: Word = before.kind === "text" ? before.text : before.kind === "absent" ? [] : unknownWord(before.reason);
  writeFile(
    shell,
    to.file,
    fileOf(concat(held, output), held.length === 0 || before.kind !== "text" ? origin : before.origin),
  );
}

function hereInput(redirect: Redirection, plumbing: Plumbing, text: Word, origin: Origin): void {
  if (descriptorOf(redirect, 0) === 0) plumbing.stdin = { current: { kind: "text", text, origin } };
}

function redirectFile(redirect: Redirect, plumbing: Plumbing, shell: Shell): void {
  if (redirect.descriptor?.type === "FileDescriptorVariable") {
    const { name, pos } = redirect.descriptor;
    assign(shell, name, unknownValue("the number of an opened file"), originAt(shell.source, pos));
  }
  const target =
    redirect.target === undefined ? unknownWord("a missing file name") : expandText(redirect.target, shell);
  const reads = redirect.operator === "<" || redirect.operator === "<&" || redirect.operator === "<>";
  const descriptor = descriptorOf(redirect, reads ? 0 : 1);
  if (redirect.operator === "<>")
    writeFile(shell, target, { kind: "unknown", reason: "opened for reading and writing" });
  if (reads) {
    if (descriptor === 0) plumbing.stdin = { current: inputFrom(redirect, target, shell) };
    return;
  }
  const both =
    redirect.operator === "&>" || redirect.operator === "&>>" || (redirect.operator === ">&" && isFile(target));
  const to = destination(redirect, target, plumbing, shell);
  if (descriptor === 1 || both) plumbing.out = to;
  if (descriptor === 2 || both) plumbing.error = to;
}

function inputFrom(redirect: Redirect, target: Word, shell: Shell): Stdin {
  if (redirect.operator !== "<") return { kind: "unknown", reason: "another file descriptor" };
  if (known(target) === "/dev/null") return { kind: "text", text: [], origin: originAt(shell.source, redirect.pos) };
  const reading = readFile(shell, target);
  if (reading.kind === "text") return reading;
  return { kind: "unknown", reason: reading.kind === "absent" ? "a file that is not there" : reading.reason };
}

function destination(redirect: Redirect, target: Word, plumbing: Plumbing, shell: Shell): Destination {
  const name = known(target);
  if (redirect.operator === ">&" && !isFile(target)) {
    if (name === "1") return plumbing.out;
    if (name === "2") return plumbing.error;
    return name === "-" ? { kind: "nowhere" } : { kind: "error" };
  }
  if (name === "/dev/null") return { kind: "nowhere" };
  if (name === "/dev/stdout") return plumbing.out;
  if (name === "/dev/stderr") return plumbing.error;
  const appends = redirect.operator === ">>" || redirect.operator === "&>>";
  const before = appends ? readFile(shell, target) : null;
  writeFile(shell, target, { kind: "unknown", reason: `${name ?? "a file"} is being written` });
  return { kind: "file", file: target, before };
}

/** `>&word` is a file unless the word is a descriptor or `-`. */
function isFile(target: Word): boolean {
  const name = known(target);
  return name !== null && name !== "-" && ![...name].every((char) => char >= "0" && char <= "9");
}

function descriptorOf(redirect: Redirection, standard: number): number {
  if (redirect.descriptor === undefined) return standard;
  return redirect.descriptor.type === "FileDescriptor" ? redirect.descriptor.value : -1;
}

function sameDestination(a: Destination, b: Destination): boolean {
  if (a.kind === "file") return b.kind === "file" && a.file === b.file;
  return a.kind === b.kind && a.kind !== "nowhere";
}

function hereDocument(redirect: HereDoc, shell: Shell): Word {
  const { body, delimiter } = redirect;
  const tabs = redirect.operator === "<<-";
  if (delimiter?.quoted === true) return revive(tabs ? withoutTabs(body.text, true) : body.text, shell.source);
  if (body.parts === undefined) {
    return revive(unescaped(tabs ? withoutTabs(body.text, true) : body.text), shell.source);
  }
  return expandParts(tabs ? body.parts.map(withoutLiteralTabs) : body.parts, shell);
}

/** `<<-`: tabs that begin a line of the document go; the parser keeps them. */
function withoutLiteralTabs(part: WordPart, at: number): WordPart {
  return part.type === "Literal" ? { ...part, value: withoutTabs(part.value, at === 0) } : part;
}

function withoutTabs(text: string, lineStart: boolean): string {
  let result = "";
  let atStart = lineStart;
  for (const char of text) {
    if (char !== "\t" || !atStart) {
      result += char;
      atStart = char === "\n";
    }
  }
  return result;
}

/** In an unquoted here-document a backslash quotes `$`, the backtick, itself, and joins lines. */
function unescaped(text: string): string {
  let result = "";
  for (let at = 0; at < text.length; at += 1) {
    const next = text[at + 1];
    if (text[at] !== "\\" || next === undefined || !"$`\\\n".includes(next)) result += text[at];
    else {
      at += 1;
      if (next !== "\n") result += next;
    }
  }
  return result;
}
