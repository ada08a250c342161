import { declare } from "./declarations.ts";
import { type Builtin, report, silent } from "./engine.ts";
import { changeDirectory, set, shift, shopt, unset } from "./settings.ts";
import { evaluate, setTrap, source } from "./sourcing.ts";
import { fork } from "./state.ts";
import { runTestCommand } from "./tests.ts";
import { forgetVariables, setWord } from "./variables.ts";
import { known, unknownWord } from "./words.ts";

/** break and continue: the state goes to the loops around (which one is not worked out). */
const leaveLoop: Builtin = (_args, shell) => {
  if (shell.session.dead === 0) {
    shell.session.jumps += 1;
    for (const loop of shell.loops) loop.push(fork(shell.state));
  }
  return silent("success");
};

const leaveFunction: Builtin = (_args, shell) => {
  if (shell.session.dead === 0) {
    shell.session.jumps += 1;
    shell.returns.at(-1)?.push(fork(shell.state));
  }
  return silent("unknown");
};

const exit: Builtin = (_args, shell) => {
  if (shell.session.dead === 0) shell.session.jumps += 1;
  return silent("unknown");
};

/** read, mapfile, getopts: every name they are given is unknown afterwards, and so is what is left of the input. */
const read: Builtin = (args, shell, context, call) => {
  const reason = "read from the input at run time";
  if (context.stdin.current.kind !== "none") {
    context.stdin.current = { kind: "unknown", reason: "the rest of an input that `read` took lines from" };
  }
  for (const arg of args) {
    const name = known(arg);
    if (name === null) forgetVariables(shell, reason);
    else if (!name.startsWith("-")) setWord(shell, name, unknownWord(`${name}, ${reason}`), call.origin);
  }
  return silent("unknown");
};

const test: Builtin = (args, shell) => silent(runTestCommand(args, shell));

const bracket: Builtin = (args, shell) => silent(runTestCommand(args.slice(0, -1), shell));

const alias: Builtin = (args, shell, _context, call) => {
  if (args.length > 0) {
    report(shell, "an alias changes which commands run", "untrusted", call.origin);
  }
  return silent("unknown");
};

/** let and the like assign by arithmetic text. */
const letExpression: Builtin = (_args, shell) => {
  forgetVariables(shell, "calculated by let");
  return silent("unknown");
};

const succeeds: Builtin = () => silent("success");
const fails: Builtin = () => silent("failure");
const quiet: Builtin = () => silent("unknown");

export const builtins: ReadonlyMap<string, Builtin> = new Map<string, Builtin>([
  [":", succeeds],
  ["true", succeeds],
  ["false", fails],
  ["break", leaveLoop],
  ["continue", leaveLoop],
  ["return", leaveFunction],
  ["exit", exit],
  ["read", read],
  ["mapfile", read],
  ["readarray", read],
  ["getopts", read],
  ["test", test],
  ["[", bracket],
  ["alias", alias],
  ["unalias", alias],
  ["let", letExpression],
  ["export", declare("export")],
  ["readonly", declare("readonly")],
  ["declare", declare("declare")],
  ["typeset", declare("declare")],
  ["local", declare("local")],
  ["unset", unset],
  ["set", set],
  ["shift", shift],
  ["shopt", shopt],
  ["cd", changeDirectory],
  ["pushd", changeDirectory],
  ["popd", changeDirectory],
  ["eval", evaluate],
  [".", source],
  ["source", source],
  ["trap", setTrap],
  ["umask", quiet],
  ["ulimit", quiet],
  ["wait", quiet],
  ["kill", quiet],
  ["jobs", quiet],
  ["disown", quiet],
  ["times", quiet],
  ["type", quiet],
]);
