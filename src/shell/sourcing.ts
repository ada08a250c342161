import { type Builtin, report, silent } from "./engine.ts";
import { forgetVariables } from "./variables.ts";
import { readFile } from "./virtual-files.ts";
import { concat, isKnown, known, text } from "./words.ts";

/** eval: its arguments are a script of this shell. */
export const evaluate: Builtin = (args, shell, context, call) => {
  const script = concat(...args.flatMap((arg, at) => (at === 0 ? [arg] : [[" "], arg])));
  if (isKnown(script)) return shell.engine.runText(script, call.origin, shell, context);
  // what of it is known may hold a secret
  const unknown = script.filter((piece) => typeof piece !== "string");
  report(shell, `eval of text that is not known: ${text(unknown)}`, "dynamic", call.origin);
  forgetVariables(shell, "set by eval of unknown text");
  return silent("unknown");
};

/** `. file`: a mounted or written file is read on; any other may define and set what it likes. */
export const source: Builtin = (args, shell, context, call) => {
  const [file, ...rest] = args;
  if (file === undefined) return silent("failure");
  const path = known(file);
  const reading = path?.includes("/") === true ? readFile(shell, file) : readFile(shell, ["./", ...file]);
  if (reading.kind === "text") {
    const { positional } = shell.state;
    if (rest.length > 0) shell.state.positional = rest;
    const outcome = shell.engine.runText(reading.text, reading.origin, shell, context);
    if (rest.length > 0) shell.state.positional = positional;
    return outcome;
  }
  if (reading.kind === "absent") return silent("failure");
  const what = path ?? "a file whose name is not known";
  report(shell, `${what} is run as a part of the script and cannot be read: ${reading.reason}`, "program", call.origin);
  forgetVariables(shell, `may be set by ${what}`);
  return silent("unknown");
};

/** trap: its commands run at an unknown moment; they are read when the rest of the script has been. */
export const setTrap: Builtin = (args, shell, _context, call) => {
  const [script, signal] = known(args[0] ?? []) === "--" ? args.slice(1) : args;
  if (script === undefined || signal === undefined || known(script)?.startsWith("-") === true) return silent("success");
  shell.traps.push({ script, origin: call.origin });
  return silent("success");
};
