import type { HereDoc, Redirect, Redirection, WordPart } from "unbash";
import type { FileReading, Origin, Stdin, Word } from "../model/run.ts";
import type { Channel, Outcome, Shell } from "./engine.ts";
import { expandParts, expandText } from "./expand.ts";
import { originAt, revive } from "./source.ts";
import { assign, unknownValue } from "./variables.ts";
import { fileOf, heldBy, readFile, writeFile } from "./virtual-files.ts";
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
  if (outcome.stray && sameDestination(out, error)) {
    const mixed = { ...outcome, output: unknownWord("output mixed with error messages"), origin: null, stray: false };
    return drain(mixed, { ...plumbing, error: { kind: "nowhere" } }, shell, origin);
  }
  storeBoth(outcome, plumbing, shell, origin);
  const lost = out.kind === "error" && outcome.output.length > 0;
  const stray = lost || (outcome.stray && error.kind === "error");
  if (outcome.stray && error.kind === "out") return { output: ERRORS, origin: null, status: outcome.status, stray };
  const kept = out.kind === "out";
  return { output: kept ? outcome.output : [], origin: kept ? outcome.origin : null, status: outcome.status, stray };
}

function storeBoth(outcome: Outcome, { out, error }: Plumbing, shell: Shell, origin: Origin): void {
  if (out.kind === "file") store(shell, out, outcome.output, outcome.origin ?? origin);
  if (outcome.stray && error.kind === "file") store(shell, error, ERRORS, origin);
}

const ERRORS = unknownWord("error messages of a command");

/** What the next command of a pipeline reads. */
export function toStdin(outcome: Outcome, origin: Origin): Stdin {
  const [first, ...rest] = outcome.output;
  if (rest.length === 0 && first !== undefined && typeof first !== "string") {
    return { kind: "unknown", reason: first.unknown };
  }
  return { kind: "text", text: outcome.output, origin: outcome.origin ?? origin };
}

function store(shell: Shell, to: Extract<Destination, { kind: "file" }>, output: Word, origin: Origin): void {
  const held = to.before === null ? null : heldBy(to.before);
  const first = to.before?.kind === "text" && held !== null && held.length > 0 ? to.before.origin : origin;
  writeFile(shell, to.file, fileOf(held === null ? output : concat(held, output), first));
}

function hereInput(redirect: Redirection, plumbing: Plumbing, text: Word, origin: Origin): void {
  if (descriptorOf(redirect, 0) === 0) plumbing.stdin = { current: { kind: "text", text, origin } };
}

function redirectFile(redirect: Redirect, plumbing: Plumbing, shell: Shell): void {
  if (redirect.descriptor?.type === "FileDescriptorVariable") {
    const { name, pos } = redirect.descriptor;
    assign(shell, name, unknownValue("the number of an opened file"), originAt(shell.source, pos));
  }
  const missing = unknownWord("a missing file name");
  const target = redirect.target === undefined ? missing : expandText(redirect.target, shell);
  if (INPUTS.has(redirect.operator)) redirectInput(redirect, target, plumbing, shell);
  else redirectOutput(redirect, target, plumbing, shell);
}

const INPUTS = new Set(["<", "<&", "<>"]);
const BOTH = new Set(["&>", "&>>"]);

function redirectInput(redirect: Redirect, target: Word, plumbing: Plumbing, shell: Shell): void {
  if (redirect.operator === "<>") {
    writeFile(shell, target, { kind: "unknown", reason: "opened for reading and writing" });
  }
  if (descriptorOf(redirect, 0) === 0) plumbing.stdin = { current: inputFrom(redirect, target, shell) };
}

function redirectOutput(redirect: Redirect, target: Word, plumbing: Plumbing, shell: Shell): void {
  const both = BOTH.has(redirect.operator) || (redirect.operator === ">&" && isFile(target));
  const to = destination(redirect, target, plumbing, shell);
  const descriptor = descriptorOf(redirect, 1);
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
  if (redirect.operator === ">&" && !isFile(target)) return duplicate(name, plumbing);
  if (name === "/dev/null") return { kind: "nowhere" };
  if (name === "/dev/stdout") return plumbing.out;
  if (name === "/dev/stderr") return plumbing.error;
  const appends = redirect.operator === ">>" || redirect.operator === "&>>";
  const before = appends ? readFile(shell, target) : null;
  writeFile(shell, target, { kind: "unknown", reason: `${name ?? "a file"} is being written` });
  return { kind: "file", file: target, before };
}

function duplicate(descriptor: string | null, plumbing: Plumbing): Destination {
  if (descriptor === "1") return plumbing.out;
  if (descriptor === "2") return plumbing.error;
  return { kind: descriptor === "-" ? "nowhere" : "error" };
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
