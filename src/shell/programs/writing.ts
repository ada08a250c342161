import { fileName } from "../paths.ts";
import { fileOf, heldBy, readFile, writeFile } from "../virtual-files.ts";
import { concat, known } from "../words.ts";
import { inputOf, type Program, printed } from "./program.ts";

/** tee: what it reads goes on, and into the files it names. */
export const tee: Program = (args, call) => {
  const appends = args.some((arg) => known(arg) === "-a" || known(arg) === "--append");
  const input = inputOf(call);
  const origin = input.origin ?? call.origin;
  for (const file of args.filter((arg) => known(arg)?.startsWith("-") !== true)) {
    const before = appends ? heldBy(readFile(call.shell, file)) : [];
    writeFile(call.shell, file, fileOf(concat(before, input.output), origin));
  }
  return printed(input.output, input.origin);
};

/** cp of one file whose text is known; the target may be a file or a folder, so both places hold it. */
export const copy: Program = (args, call) => {
  const plain = args.filter((arg) => !["-f", "-p", "-v", "-a", "-L", "--"].includes(known(arg) ?? ""));
  const [from, to, ...more] = plain;
  if (from === undefined || to === undefined || more.length > 0) return null;
  const source = known(from);
  const target = known(to);
  const reading = source === null ? null : readFile(call.shell, from);
  if (source === null || target === null || source.startsWith("-") || reading?.kind !== "text") return null;
  writeFile(call.shell, [target.endsWith("/") ? target.slice(0, -1) : target], reading);
  writeFile(call.shell, [`${target}/${fileName(source)}`], reading);
  return printed([], null);
};
