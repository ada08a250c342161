import type { Invocation, Word } from "../model/run.ts";
import type { Tool, ToolReading } from "../model/tool.ts";
import { displayWord } from "../model/word.ts";
import { isHarmless } from "./harmless.ts";
import { tools } from "./index.ts";
import { unwrap } from "./wrappers.ts";

/** What a command turned out to be. */
export type CallReading =
  | { readonly kind: "harmless" }
  | { readonly kind: "tool"; readonly tool: Tool; readonly step: Extract<ToolReading, { kind: "step" }> }
  | { readonly kind: "program"; readonly name: string };

/** Finds the tool behind a command and lets it read the call; what no tool knows is a program. */
export function readCall(invocation: Invocation): CallReading {
  const call = unwrap(invocation.argv);
  for (const tool of tools.filter(({ binaries }) => binaries.includes(call.name))) {
    const reading = tool.read({ invocation, args: call.args });
    if (reading?.kind === "harmless") return reading;
    if (reading !== null) return { kind: "tool", tool, step: reading };
  }
  if (isHarmless(call)) return { kind: "harmless" };
  return { kind: "program", name: call.name === "" ? displayWord(invocation.argv[0] ?? []) : call.name };
}

/** The program that arguments without a command are meant for, by options only one tool has; "" if none. */
export function programOfArguments(args: readonly Word[]): string {
  const names = new Set(args.map((word) => displayWord(word).replace(/=.*$/s, "")));
  const tool = tools.find(({ signatures }) =>
    signatures.some((options) => options.every((option) => names.has(option))),
  );
  return tool?.binaries[0] ?? "";
}
