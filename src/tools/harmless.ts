import type { Word } from "../model/run.ts";
import { knownText } from "../model/word.ts";
import { isPlainAwk, isUpload } from "./uploads.ts";
import type { NamedCall } from "./wrappers.ts";

/** Programs that neither reach a database nor start another program, whatever their arguments. */
const harmlessPrograms: ReadonlySet<string> = new Set(
  (
    "pg_isready pg_config pg_verifybackup vacuumdb nc ncat netcat nslookup dig host getent ping sleep echo printf true false : test [ date cat tac ls pwd id whoami hostname uname " +
    "basename dirname realpath readlink stat wc head tail tee sort uniq cut tr od grep egrep fgrep diff cmp comm md5sum sha256sum base64 gzip gunzip zcat bzip2 xz zstd " +
    "mkdir mktemp touch rm rmdir cp mv ln chmod chown expr seq yes jq yq curl wget wait trap set umask ulimit clear tput du df ps kill pkill free which type sync"
  ).split(" "),
);

/** Nothing in this call reaches a database or starts a program that might. */
export function isHarmless(call: NamedCall): boolean {
  if (writers.has(call.name) && call.args.some(mayNameProgram)) return false;
  if (call.args.some(startsProgram)) return false;
  if (harmlessPrograms.has(call.name)) return true;
  if (call.name === "find") return call.args.every(onlyFinds);
  if (call.name === "awk" || call.name === "gawk") return isPlainAwk(call.args);
  if (isUpload(call)) return !call.args.some(mayNameProgram);
  return call.name === "sed" && isPlainSed(call.args);
}

/** find can start programs and write files; -delete takes files away, as rm does. */
function onlyFinds(word: Word): boolean {
  const text = knownText(word);
  if (text === null)
    return typeof word[0] === "string" || word.every((part) => typeof part === "string" || !part.splits);
  return !/^-(?:exec|ok|fprint|fls)/.test(text);
}

const writers: ReadonlySet<string> = new Set("cp mv ln tee curl wget touch chmod".split(" "));

/** What is written there may run later under a known name. */
function mayNameProgram(word: Word): boolean {
  const last = word.at(-1);
  if (
    typeof last === "string" &&
    /\/\.(?:psqlrc[\w.-]*|pg_service\.conf|my\.cnf|bashrc|bash_profile|profile)$/.test(last)
  )
    return true;
  return /^(?:[^/]*=)?\/(?:s?bin|usr|lib|lib64|etc|opt)(?:\/|$)/.test(knownText(word) ?? "");
}

/** Options of sort and wget that name a program. */
function startsProgram(word: Word): boolean {
  return /^--(?:compress-prog|use-askpass)/.test(knownText(word) ?? "");
}

/** sed can run programs (`e`) and write files (`w`): only one plain substitution, and names of files behind it, pass. */
function isPlainSed(args: readonly Word[]): boolean {
  const [script, ...files] = args.map(knownText).filter((text) => text === null || !/^-[nEr]+$/.test(text));
  const isSubstitution = /^s(.)(?:(?!\1).)*\1(?:(?!\1).)*\1[gIip0-9]*$/.test(script ?? "");
  return isSubstitution && files.every((file) => file !== null && !file.startsWith("-"));
}
