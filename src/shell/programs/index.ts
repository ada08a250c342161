import { type Outcome, silent } from "../engine.ts";
import { cat } from "./cat.ts";
import { echo } from "./echo.ts";
import { envsubst } from "./envsubst.ts";
import { find, ls } from "./listing.ts";
import { basename, dirname, pwd } from "./names.ts";
import { printf } from "./printf.ts";
import { inputOf, type Program, type ProgramCall, unknownOutput } from "./program.ts";
import { base64, sed, sort, tr } from "./text-programs.ts";
import { copy, tee } from "./writing.ts";

/** They print something that is made at run time and change nothing. */
const WITHOUT_EFFECT = "date hostname whoami id uname nproc which uptime tty".split(" ");

/** They change no file's text and print nothing. */
const WITHOUT_OUTPUT = "mkdir touch chmod chown sync".split(" ");

/** The same, from what they read. */
const FILTERS = "grep egrep fgrep od wc cut head tail rev fold nl expr md5sum sha1sum sha256sum cksum".split(" ");

/** The programs whose output can be worked out, by name. */
export const programs: ReadonlyMap<string, Program> = new Map<string, Program>([
  ...WITHOUT_EFFECT.map((name): [string, Program] => [name, () => unknownOutput(name)]),
  ...WITHOUT_OUTPUT.map((name): [string, Program] => [name, () => ({ ...silent("unknown"), stray: true })]),
  ...FILTERS.map((name): [string, Program] => [name, (_args, call) => filtered(name, call)]),
  ["base64", base64],
  ["basename", basename],
  ["cat", cat],
  ["cp", copy],
  ["dirname", dirname],
  ["echo", echo],
  ["envsubst", envsubst],
  ["find", find],
  ["ls", ls],
  ["printf", printf],
  ["pwd", pwd],
  ["sed", sed],
  ["sort", sort],
  ["tee", tee],
  ["tr", tr],
]);

function filtered(name: string, call: ProgramCall): Outcome {
  inputOf(call);
  return unknownOutput(name);
}
