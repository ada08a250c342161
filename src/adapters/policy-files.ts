import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Policy } from "../model/policy.ts";

/** Text of a policy file and its path for messages → Policy; throws with file, line and field in the message. */
export type ReadPolicy = (text: string, file: string) => Policy;

/** What a folder held at one moment; `content` tells whether it still does. */
export interface LoadedPolicies {
  readonly policies: readonly Policy[];
  readonly content: string;
}

/** A folder of policies that cannot be used as a whole; the message has one line a problem. */
class PolicyFilesError extends Error {
  readonly code = "policies-invalid";
  override readonly name = "PolicyFilesError";
}

/** All policies of a folder (*.yaml, *.yml, not below it). Throws PolicyFilesError if any of them is bad, or there is none. */
export async function loadPolicies(directory: string, read: ReadPolicy): Promise<LoadedPolicies> {
  return parse(directory, await readTexts(directory), read);
}

export interface PolicyWatch {
  readonly directory: string;
  readonly read: ReadPolicy;
  /** what is in force now */
  readonly loaded: LoadedPolicies;
  readonly everyMs: number;
  onChange(policies: readonly Policy[]): void;
  /** the folder is bad, said once for each state of it; what was in force stays in force */
  onError(error: PolicyFilesError): void;
}

/**
 * Looks at the content every few seconds: kubelet swaps a ConfigMap's files by renaming a symlink, which no file watch
 * sees reliably. `close` returns when nothing runs any more.
 */
export function watchPolicies(watch: PolicyWatch): { close(): Promise<void> } {
  const stop = new AbortController();
  const running = poll(watch, stop.signal);
  return {
    async close() {
      stop.abort();
      await running;
    },
  };
}

async function poll(watch: PolicyWatch, signal: AbortSignal): Promise<void> {
  let seen = watch.loaded.content;
  while (await paused(watch.everyMs, signal)) {
    const state = await look(watch.directory);
    if (state === null || state.content === seen) continue;
    seen = state.content;
    report(watch, state.texts);
  }
}

interface FolderState {
  readonly content: string;
  readonly texts: Texts | PolicyFilesError;
}

/** The folder, if it is the same at two looks: between them a swap may be half seen, and then the next round will tell. */
async function look(directory: string): Promise<FolderState | null> {
  const first = await stateOf(directory);
  const second = await stateOf(directory);
  return first.content === second.content ? second : null;
}

async function stateOf(directory: string): Promise<FolderState> {
  try {
    const texts = await readTexts(directory);
    return { content: contentOf(texts), texts };
  } catch (error) {
    if (!(error instanceof PolicyFilesError)) throw error;
    return { content: error.message, texts: error };
  }
}

function report(watch: PolicyWatch, texts: Texts | PolicyFilesError): void {
  try {
    if (texts instanceof PolicyFilesError) throw texts;
    watch.onChange(parse(watch.directory, texts, watch.read).policies);
  } catch (error) {
    if (!(error instanceof PolicyFilesError)) throw error;
    const text = `the policies in ${watch.directory} are not used, those in force stay:\n${error.message}`;
    watch.onError(new PolicyFilesError(text, { cause: error }));
  }
}

/** By file name, sorted. */
type Texts = ReadonlyMap<string, string>;

async function readTexts(directory: string): Promise<Texts> {
  try {
    const names = (await readdir(directory)).filter((name) => /^[^.].*\.ya?ml$/.test(name)).toSorted();
    const texts = await Promise.all(names.map((name) => readFile(join(directory, name), "utf8")));
    return new Map(names.map((name, index) => [name, texts[index] ?? ""]));
  } catch (error) {
    throw new PolicyFilesError(`${directory}: cannot be read: ${messageOf(error)}`, { cause: error });
  }
}

function contentOf(texts: Texts): string {
  return createHash("sha256")
    .update(JSON.stringify([...texts]))
    .digest("hex");
}

function parse(directory: string, texts: Texts, read: ReadPolicy): LoadedPolicies {
  const policies: Policy[] = [];
  const problems: string[] = [];
  for (const [name, text] of texts) {
    try {
      policies.push(read(text, join(directory, name)));
    } catch (error) {
      problems.push(messageOf(error));
    }
  }
  problems.push(...repeatedNames(policies));
  if (texts.size === 0) problems.push(`${directory}: there is no policy file (*.yaml) in it`);
  if (problems.length > 0) throw new PolicyFilesError(problems.join("\n"));
  return { policies, content: contentOf(texts) };
}

function repeatedNames(policies: readonly Policy[]): readonly string[] {
  return policies.flatMap((policy, index) => {
    const first = policies.findIndex(({ name }) => name === policy.name);
    return first === index ? [] : [`${policy.file}: metadata.name is ${policy.name}, as in ${policies[first]?.file}`];
  });
}

/** False when it is time to stop. */
async function paused(milliseconds: number, signal: AbortSignal): Promise<boolean> {
  return sleep(milliseconds, true, { signal, ref: false }).catch(() => false);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
