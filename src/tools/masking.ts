import type { Word } from "../model/run.ts";
import { displayWord } from "../model/word.ts";

const secretName = /pass|pwd|secret|token|credential/i;
const sqlOption = /^(-[a-zA-Z]*[ce]|--command|--execute|--sql|-Q)$/;

/** Arguments for people: passwords in options and URLs masked, SQL left to the findings, unknown parts named. */
export function maskedArgv(argv: readonly Word[]): readonly string[] {
  return argv.map((word, at) => maskedArgument(displayWord(word), displayWord(argv[at - 1] ?? [])));
}

function maskedArgument(text: string, before: string): string {
  if (before.startsWith("-") && !before.includes("=") && secretName.test(before)) return "***";
  if (sqlOption.test(before) && /\s/.test(text.trim())) return "<SQL>";
  const [name = "", value] = splitAtEquals(text);
  if (value !== undefined && secretName.test(name.replace(/^.*\s/, ""))) return `${name}=***`;
  if (value !== undefined && sqlOption.test(name)) return `${name}=<SQL>`;
  return text
    .replace(/(:\/\/[^:/?#@\s]*):[^@\s]*@/g, "$1:***@")
    .replace(/\b(password|passwd|pwd)=('[^']*'|[^\s&;]*)/gi, "$1=***");
}

function splitAtEquals(text: string): readonly [string, string?] {
  const at = text.indexOf("=");
  return at < 0 || !text.startsWith("-") ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
