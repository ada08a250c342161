import type { Files, Invocation, Word } from "../../src/model/run.ts";
import { interpret, interpretCommand, type ShellContext, type ShellReading } from "../../src/shell/interpret.ts";
import { text } from "../../src/shell/words.ts";

export interface World {
  /** container environment; a word for an unknown value */
  readonly env?: Readonly<Record<string, string | Word>>;
  /** mounted files by full path; the folders they stand in are fully known */
  readonly files?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  readonly workingDir?: string;
}

/** Mounted files: what stands in no mounted folder is in the image and unknown. */
export function mounted(files: Readonly<Record<string, string>>): Files {
  const folderOf = (path: string): string => path.slice(0, path.lastIndexOf("/")) || "/";
  const folders = new Set(Object.keys(files).map(folderOf));
  return {
    read(path) {
      const content = files[path];
      if (content !== undefined)
        return { kind: "text", text: [content], origin: { object: "ConfigMap sql", key: path, line: 1 } };
      return folders.has(folderOf(path)) ? { kind: "absent" } : { kind: "unknown", reason: `${path} is in the image` };
    },
    list(directory) {
      if (!folders.has(directory)) return { kind: "unknown", reason: `${directory} is in the image` };
      return {
        kind: "known",
        paths: Object.keys(files)
          .filter((path) => folderOf(path) === directory)
          .sort(),
      };
    },
  };
}

function contextOf(world: World): ShellContext {
  const env = Object.entries(world.env ?? {}).map(([name, value]): [string, Word] => [
    name,
    typeof value === "string" ? [value] : value,
  ]);
  return {
    env: new Map(env),
    files: mounted(world.files ?? {}),
    positional: [["sh"], ...(world.args ?? []).map((arg) => [arg])],
    origin: { object: "Job mig", key: "args[0]", line: 1 },
    workingDir: world.workingDir ?? "/",
    depth: 0,
  };
}

export function read(script: string | Word, world: World = {}): ShellReading {
  return interpret(typeof script === "string" ? [script] : script, contextOf(world));
}

export function readCommand(argv: readonly string[], world: World = {}): ShellReading {
  return interpretCommand(
    argv.map((word) => [word]),
    contextOf(world),
  );
}

/** An invocation as one line: arguments with blanks in brackets, unknown parts as `<reason>`, then its input. */
function shown(invocation: Invocation): string {
  const argv = invocation.argv.map((word) => {
    const argument = text(word);
    return argument === "" || argument.includes(" ") || argument.includes("\n") ? `[${argument}]` : argument;
  });
  const { stdin } = invocation;
  if (stdin.kind === "text") argv.push(`<< [${text(stdin.text)}]`);
  if (stdin.kind === "unknown") argv.push(`<< ? ${stdin.reason}`);
  return argv.join(" ");
}

/** All invocations as lines, then what is opaque. */
export function lines(reading: ShellReading): string[] {
  return [
    ...reading.invocations.map(shown),
    ...reading.opaque.map(({ kind, reason, origin }) => `! ${kind} ${origin.line}: ${reason}`),
  ];
}
