import type { Word } from "../model/run.ts";
import type { Tool } from "../model/tool.ts";
import { displayWord, type WordText, wordText } from "../model/word.ts";
import { maskedValue } from "./value-masking.ts";
import { unwrap } from "./wrappers.ts";

/** By name: whatever is given to such an option is nobody's business. */
const secretName = /pas|pwd|secret|token|cred|key|auth|licen[sc]e|signature|salt/i;
/** Options that hand a value to a name the user chose (-Dx=…, -placeholders.x=…): the name may say nothing about it. */
const ownName = /^-[DPxv]\w|placeholder|param|^--?(?:set|var)/;
const sqlOption = /^(?:--(?:command|execute|init-command|sql)|-[a-zA-Z]{0,4}[ce])$/;
const plainOption = /^--?[\w.:-]*$/;
const scriptName = /^[\w./-]+\.(?:py|[cm]?js|ts|rb|php|sh|pl|jar|dll)$/;

/** What the next argument is to the option before it. */
type Expected = "value" | "secret" | "sql" | "maybe-sql";

/**
 * Arguments for people. Of a tool's, whatever can carry a password or SQL is masked; of a program that no tool file knows any
 * argument may be a secret, so only its name, its options' names and a script's file name are left. Approvals cover what is
 * masked all the same: the digest is made of the arguments as they are (Step.command).
 */
export function maskedArgv(argv: readonly Word[], tool: Tool | null): readonly string[] {
  if (tool === null) return programArgv(argv);
  let expected: Expected = "value";
  return argv.map((word) => {
    const written = wordText(word);
    const masked = toolArgument(written.text, expected, tool);
    expected = masked.next;
    return shown(written, masked.text);
  });
}

/** Wrappers (env, timeout, …) stay with their own arguments masked. */
function programArgv(argv: readonly Word[]): readonly string[] {
  const call = unwrap(argv);
  const program = call.name === "" ? 0 : argv.length - call.args.length - 1;
  return argv.map((word, at) => {
    if (at === 0 || at === program) return displayWord(word);
    const written = wordText(word);
    return shown(written, programArgument(written.text));
  });
}

function programArgument(text: string): string {
  if (scriptName.test(text) || text === "--") return text;
  const [, name = "", equals = "", value = ""] = /^(--[a-zA-Z][\w-]*(?==|$)|-[a-zA-Z])(=?)(.*)$/s.exec(text) ?? [];
  return name === "" ? hidden(text) : `${name}${equals}${hidden(value)}`;
}

/** Names of what is unknown ("<from Secret db>") may stay: they are not the values. */
function hidden(text: string): string {
  return text.replace(/[^\uE000-\uF8FF]+/g, "…");
}

function shown(written: WordText, masked: string): string {
  return displayWord(written.back(masked));
}

interface Masked {
  readonly text: string;
  readonly next: Expected;
}

function toolArgument(text: string, expected: Expected, tool: Tool): Masked {
  if (expected !== "value") return { text: expectedValue(text, expected), next: "value" };
  if (!text.startsWith("-") || text === "-") return { text: maskedValue(text), next: "value" };
  if (tool.letters !== undefined && !text.startsWith("--")) return letterArgument(text, tool.letters);
  const equals = text.indexOf("=");
  if (equals >= 0) return { text: assigned(text.slice(0, equals), text.slice(equals + 1)), next: "value" };
  if (!plainOption.test(text)) return { text: "-…", next: "value" };
  if (secretName.test(text)) return { text, next: "secret" };
  if (!sqlOption.test(text)) return { text, next: "value" };
  return { text, next: text.startsWith("--") ? "sql" : "maybe-sql" };
}

/** -c is SQL to some tools and a file's name to others: SQL has spaces. */
function expectedValue(text: string, expected: Expected): string {
  if (expected === "secret") return "***";
  return expected === "sql" || /\s/.test(text.trim()) ? "<SQL>" : maskedValue(text);
}

function assigned(name: string, value: string): string {
  if (!plainOption.test(name)) return "-…";
  if (sqlOption.test(name)) return `${name}=<SQL>`;
  if (/^--?(?:set|var\w*)$/.test(name)) return `${name}=${maskedValue(value)}`;
  return secretName.test(name) || ownName.test(name) ? `${name}=***` : `${name}=${maskedValue(value)}`;
}

/** "-tAc SQL", "-pSECRET", "-vx=1": letters that take nothing, then at most one whose value is the rest or the next argument. */
function letterArgument(text: string, letters: NonNullable<Tool["letters"]>): Masked {
  const taking = letters.valued + letters.sql + letters.secret;
  const at = text.split("").findIndex((letter, index) => index > 0 && taking.includes(letter));
  if (at < 0) return { text: plainOption.test(text) ? text : "-…", next: "value" };
  const [head, letter, rest] = [text.slice(0, at + 1), text.charAt(at), text.slice(at + 1)];
  if (letters.secret.includes(letter)) return { text: rest === "" ? head : `${head}***`, next: "value" };
  const isSql = letters.sql.includes(letter);
  if (rest === "") return { text: head, next: isSql ? "sql" : "value" };
  return { text: `${head}${isSql ? "<SQL>" : maskedValue(rest)}`, next: "value" };
}
