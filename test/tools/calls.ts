import type { FileReading, Invocation, Stdin, Word } from "../../src/model/run.ts";
import { type CallReading, readCall } from "../../src/tools/read-call.ts";

export const origin = { object: "Job shop/it", key: "command", line: 1 };

/** A call with these arguments, of which strings are known. Only the files given exist; every other one is the image's. */
export function invocation(
  argv: readonly (string | Word)[],
  given: {
    readonly env?: Readonly<Record<string, string | Word>>;
    readonly files?: Readonly<Record<string, string>>;
    readonly stdin?: Stdin;
  } = {},
): Invocation {
  const word = (value: string | Word): Word => (typeof value === "string" ? [value] : value);
  const read = (path: string): FileReading => {
    const text = given.files?.[path];
    if (text === undefined) return { kind: "unknown", reason: `${path} is a file of the image` };
    return { kind: "text", text: [text], origin: { object: "ConfigMap shop/sql", key: path, line: 1 } };
  };
  return {
    argv: argv.map(word),
    env: new Map(Object.entries(given.env ?? {}).map(([name, value]) => [name, word(value)])),
    stdin: given.stdin ?? { kind: "none" },
    files: {
      read,
      list: (directory) => {
        const paths = Object.keys(given.files ?? {}).filter((path) => path.startsWith(`${directory}/`));
        return paths.length > 0 ? { kind: "known", paths } : { kind: "unknown", reason: `${directory} is the image's` };
      },
    },
    origin,
    failureStops: true,
  };
}

/** The step of a call that must be a tool's. */
export function stepOf(...call: Parameters<typeof invocation>): Extract<CallReading, { kind: "tool" }>["step"] {
  const reading = readCall(invocation(...call));
  if (reading.kind !== "tool") throw new Error(`${JSON.stringify(call[0])} is ${reading.kind}`);
  return reading.step;
}
