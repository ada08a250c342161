import type { DefElem, Node } from "@pgsql/types";
import { strings } from "./nodes.ts";

/** Options of a statement, in order: WITH (…), SET (…), ROLE options, function attributes. */
export function optionsOf(nodes: readonly Node[] | undefined): readonly DefElem[] {
  return (nodes ?? []).flatMap((node) => ("DefElem" in node ? [node.DefElem] : []));
}

/** An option's value as text: "false", "0", "off"; "" if it has none. */
export function optionText({ arg }: DefElem): string {
  if (arg === undefined) return "";
  if ("String" in arg) return arg.String.sval ?? "";
  if ("Integer" in arg) return String(arg.Integer.ival ?? 0);
  if ("TypeName" in arg) return strings(arg.TypeName.names).at(-1) ?? ""; // a bare word
  if ("Boolean" in arg) return String(arg.Boolean.boolval ?? false);
  return "";
}

/** Whether a switch is on: named without a value, or with one that is none of the words for off. */
export function isOn(option: DefElem): boolean {
  return !["false", "off", "no", "0"].includes(optionText(option).toLowerCase());
}
