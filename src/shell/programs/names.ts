import { fileName } from "../paths.ts";
import { known, unknownWord } from "../words.ts";
import { allKnown, type Program, printed } from "./program.ts";

/** basename PATH [SUFFIX] */
export const basename: Program = (args) => {
  const [path, suffix = "", ...more] = allKnown(args) ?? [];
  if (path === undefined || more.length > 0 || path.startsWith("-"))
    return printed(unknownWord("output of basename"), null);
  const name = fileName(withoutLastSlashes(path));
  const cut = suffix !== "" && name !== suffix && name.endsWith(suffix);
  return printed([`${cut ? name.slice(0, -suffix.length) : name}\n`], null);
};

/** dirname PATH */
export const dirname: Program = (args) => {
  const [path, ...more] = allKnown(args) ?? [];
  if (path === undefined || more.length > 0 || path.startsWith("-"))
    return printed(unknownWord("output of dirname"), null);
  const plain = withoutLastSlashes(path);
  const cut = plain.lastIndexOf("/");
  if (cut === -1) return printed([plain === "" ? "/\n" : ".\n"], null);
  return printed([`${withoutLastSlashes(plain.slice(0, cut)) || "/"}\n`], null);
};

export const pwd: Program = (_args, { shell }) => {
  const directory = known(shell.state.workingDir);
  return printed(directory === null ? unknownWord("the working directory is not known") : [`${directory}\n`], null);
};

function withoutLastSlashes(path: string): string {
  let end = path.length;
  while (end > 0 && path[end - 1] === "/") end -= 1;
  return path.slice(0, end);
}
