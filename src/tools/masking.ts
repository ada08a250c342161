import type { Word } from "../model/run.ts";
import { displayWord } from "../model/word.ts";

const secretName = /pass|pwd|secret|token|credential/i;
const sqlOption = /^(-[a-zA-Z]{0,4}[ce]|--command|--execute|--sql|-Q)$/;

/**
 * Arguments for people: passwords in options and URLs masked, unknown parts named. A client's SQL is left to the findings;
 * a program's arguments stay, for an approval of what cannot be read covers them.
 */
export function maskedArgv(argv: readonly Word[], isTool: boolean): readonly string[] {
  return argv.map((word, at) => maskedArgument(displayWord(word), displayWord(argv[at - 1] ?? []), isTool));
}

function maskedArgument(text: string, before: string, isTool: boolean): string {
  if (before.startsWith("-") && !before.includes("=") && secretName.test(before)) return "***";
  if (isTool && sqlOption.test(before) && /\s/.test(text.trim())) return "<SQL>";
  const [name = "", value] = splitAtEquals(text);
  if (value !== undefined && secretName.test(name.replace(/^.*\s/, ""))) return `${name}=***`;
  if (isTool && value !== undefined && sqlOption.test(name)) return `${name}=<SQL>`;
  return text
    .replace(/(:\/\/[^:/?#@\s]*):[^@\s]*@/g, "$1:***@")
    .replace(/\b(password|passwd|pwd)=('[^']*'|[^\s&;]*)/gi, "$1=***");
}

function splitAtEquals(text: string): readonly [string, string?] {
  const at = text.indexOf("=");
  return at < 0 || !text.startsWith("-") ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
