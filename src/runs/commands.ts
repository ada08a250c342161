import { fields, items, textOf, valueAt } from "../model/fields.ts";
import type { Word } from "../model/run.ts";
import { displayWord } from "../model/word.ts";
import type { Container } from "../pods/containers.ts";
import { expandReferences } from "../pods/expand.ts";
import { repositoryOf } from "../pods/image.ts";
import { tools } from "../tools/index.ts";
import { programOfArguments } from "../tools/read-call.ts";

/** One command that the kubelet starts in a container. */
export interface Command {
  readonly argv: readonly Word[];
  /** field path of its longest part, where a script or SQL stands */
  readonly key: string;
  /** "" for the container's own command, else the hook or probe: "livenessProbe" */
  readonly hook: string;
}

/** What a container runs: its command, or only that the image decides; null for a server of its own. */
export type Start =
  | { readonly kind: "command"; readonly command: Command }
  | { readonly kind: "entrypoint"; readonly args: readonly Word[] }
  | { readonly kind: "server" };

/** The container's own start, `$(VAR)` expanded, with the entrypoint of images that are known. */
export function startOf(container: Container, env: ReadonlyMap<string, Word>): Start {
  const command = expanded(container.fields["command"], env);
  const args = expanded(container.fields["args"], env);
  const place = (argv: readonly Word[], before: number): Start => ({
    kind: "command",
    command: { argv, key: placeOf(argv, container.path, before), hook: "" },
  });
  if (command.length > 0) return place([...command, ...args], command.length);
  const entrypoint = entrypointOf(container.image);
  if (entrypoint === null) {
    const program = programOfArguments(args);
    return program === "" ? { kind: "entrypoint", args } : place([[program], ...args], 1);
  }
  const [first] = args;
  const isServer = entrypoint.length === 0 && (first === undefined || String(first[0] ?? "").startsWith("-"));
  if (isServer) return { kind: "server" };
  return place([...entrypoint.map((word) => [word]), ...args], entrypoint.length);
}

/** Commands of lifecycle hooks and exec probes: they run beside the container's own. */
export function hooksOf(container: Container): readonly Command[] {
  const places = ["lifecycle.postStart", "lifecycle.preStop", "livenessProbe", "readinessProbe", "startupProbe"];
  return places.flatMap((hook) => {
    const words = items(valueAt(container.fields, ...hook.split("."), "exec", "command"));
    // the kubelet does not expand these as it does a container's command
    const argv = words.map((word): Word => [textOf(word)]);
    return argv.length === 0 ? [] : [{ argv, key: `${container.path}.${hook}.exec.command`, hook }];
  });
}

function expanded(value: unknown, env: ReadonlyMap<string, Word>): readonly Word[] {
  return items(value).map((word) => expandReferences(textOf(word), env));
}

const images = new Map(tools.flatMap((tool) => tool.images.map((one) => [one.repository, one] as const)));

function entrypointOf(image: string): readonly string[] | null {
  return images.get(repositoryOf(image))?.entrypoint ?? null;
}

/** Where a container's command starts, "" if neither the manifest nor what is known of the image says it. */
export function workingDirOf(container: Container): string {
  return textOf(container.fields["workingDir"]) || (images.get(repositoryOf(container.image))?.workingDir ?? "");
}

/** "….args[0]" where a script or SQL stands in it, else "….command": what a person should look at. */
function placeOf(argv: readonly Word[], path: string, before: number): string {
  const lengths = argv.map((word) => displayWord(word).length);
  const longest = lengths.indexOf(Math.max(...lengths));
  const list = longest < before ? "command" : "args";
  const isText = /\s/.test(displayWord(argv[longest] ?? []));
  return `${path}.${list}${isText ? `[${longest - (list === "args" ? before : 0)}]` : ""}`;
}

/** Keeps standard input open: whoever attaches may type anything. */
export function isAttachable(container: Container): boolean {
  return fields(container.fields)["stdin"] === true;
}
