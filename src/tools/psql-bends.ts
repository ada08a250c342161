import type { Invocation, Opaque } from "../model/run.ts";
import { displayWord, knownText } from "../model/word.ts";
import type { ParsedArguments } from "./arguments.ts";

/** Variables that make psql do more, or something else, than its arguments say, and how. */
const bending: Readonly<Record<string, string>> = {
  PGOPTIONS: "sets server parameters (role, search_path, …) before the first statement",
  PGCLIENTENCODING: "changes how the text is read",
  PGSERVICE: "takes the connection from a service file",
  PGSERVICEFILE: "takes the connection from a service file",
  PGSYSCONFDIR: "names a folder with a psqlrc of its own",
  PSQLRC: "runs a file before the SQL",
};

/** What may make this call run something else than the SQL that is read. */
export function psqlBends(invocation: Invocation, parsed: ParsedArguments): readonly Opaque[] {
  const { env, origin } = invocation;
  const names = new Set(parsed.options.map(({ name }) => name));
  const startup = names.has("no-psqlrc") ? null : startupFile(invocation);
  const reasons = [
    ...Object.entries(bending)
      .filter(([name]) => env.has(name) && !(name === "PSQLRC" && names.has("no-psqlrc")))
      .map(([name, why]) => `${name} ${why}`),
    ...(startup === null ? [] : [`${startup} runs before the SQL; leave it out, or call psql with -X`]),
    ...parsed.options.filter(opensProgram).map(({ name }) => `--${name} pipes into a program`),
    ...stringParameters(parsed).map((name) => `${name} in the connection string changes how the SQL is taken`),
    ...unknownOptions(parsed).map((name) => `option ${name} is not one of psql's`),
  ];
  return reasons.map((reason) => ({ kind: "untrusted", reason, origin }));
}

/** ~/.psqlrc, if the manifests put one there or may do so. */
function startupFile({ env, files }: Invocation): string | null {
  const home = knownText(env.get("HOME") ?? ["/root"]);
  if (home === null) return "~/.psqlrc";
  const listed = files.list(home);
  if (listed.kind === "known") return listed.paths.find((path) => /\/\.psqlrc(?:-[\w.]+)?$/.test(path)) ?? null;
  const path = `${home}/.psqlrc`;
  return files.read(path).kind === "text" ? path : null;
}

/** Parameters of a connection string that change how the server takes the SQL, or where it is. */
function stringParameters(parsed: ParsedArguments): readonly string[] {
  const strings = [...parsed.options.filter(({ name }) => name === "dbname").map(({ value }) => value)];
  const texts = [...strings, ...parsed.positional.slice(0, 1)].map(displayWord);
  return texts.flatMap((text) => [...text.matchAll(/\b(options|client_encoding|service)\s*=/gi)].map(([name]) => name));
}

function opensProgram(option: ParsedArguments["options"][number]): boolean {
  const isOutput = option.name === "output" || option.name === "log-file";
  return isOutput && (knownText(option.value) ?? "|").startsWith("|");
}

function unknownOptions(parsed: ParsedArguments): readonly string[] {
  return parsed.options.map(({ name }) => name).filter((name) => name.length === 1 && !/[?]/.test(name));
}
