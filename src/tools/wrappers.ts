import type { Word } from "../model/run.ts";
import { knownText } from "../model/word.ts";

/** A program's base name with what follows it; name "" if it is not known. */
export interface NamedCall {
  readonly name: string;
  readonly args: readonly Word[];
}

/** Programs of Node projects that a package manager starts by bare name; other names may be scripts of package.json. */
const nodePrograms: ReadonlySet<string> = new Set(
  "prisma drizzle-kit knex typeorm typeorm-ts-node-commonjs typeorm-ts-node-esm sequelize sequelize-cli node-pg-migrate mikro-orm mikro-orm-esm".split(
    " ",
  ),
);

type Wrapper = (args: readonly Word[]) => readonly Word[] | null;

/** What a wrapper starts: its arguments without its own options; null if it starts nothing that can be named. */
const wrappers: Readonly<Record<string, Wrapper>> = {
  npx: (args) => packageCall(skipOptions(args, ["-p", "--package", "-c"])),
  bunx: (args) => packageCall(skipOptions(args, [])),
  pnpm: (args) => packageManager(args, ["exec", "dlx", "run"]),
  yarn: (args) => packageManager(args, ["exec", "dlx", "run"]),
  bun: (args) => packageManager(args, ["x", "run"]),
  npm: (args) => packageManager(args, ["exec", "x"]),
  bundle: (args) => after(args, ["exec"]),
  poetry: (args) => after(args, ["run"]),
  uv: (args) => after(args, ["run"]),
  pipenv: (args) => after(args, ["run"]),
  go: goCall,
  python: pythonCall,
  python3: pythonCall,
  php: (args) => scriptCall(args, ["artisan", "console", "doctrine", "doctrine-migrations"]),
  ruby: (args) => scriptCall(args, ["rails", "rake"]),
  node: nodeCall,
  dotnet: (args) => (knownText(args[0] ?? []) === "ef" ? [["dotnet-ef"], ...args.slice(1)] : null),
  tini: (args) => skipOptions(args, []),
  "dumb-init": (args) => skipOptions(args, []),
  exec: (args) => args,
  nohup: (args) => args,
  time: (args) => skipOptions(args, []),
  nice: (args) => skipOptions(args, ["-n"]),
  gosu: (args) => args.slice(1),
  "su-exec": (args) => args.slice(1),
  timeout: (args) => skipOptions(args, ["-s", "-k", "--signal", "--kill-after"]).slice(1),
  env: (args) => dropAssignments(skipOptions(args, ["-u"])),
};

const MOST_WRAPPERS = 8;

/** Takes wrappers (npx, bundle exec, python -m, go run, node …/cli.js, timeout, …) off a command, one after the other. */
export function unwrap(argv: readonly Word[]): NamedCall {
  let rest = argv;
  for (let turn = 0; turn < MOST_WRAPPERS; turn += 1) {
    const name = baseName(rest[0]);
    const wrapper = Object.hasOwn(wrappers, name) ? wrappers[name] : undefined;
    const inner = wrapper === undefined ? null : wrapper(rest.slice(1));
    if (inner === null || inner.length === 0) return { name, args: rest.slice(1) };
    rest = inner;
  }
  return { name: "", args: rest };
}

/** "/usr/bin/psql" → "psql", "prisma@6.2.0" → "prisma"; "" if any part is unknown. */
function baseName(word: Word | undefined): string {
  const text = knownText(word ?? []) ?? "";
  const name = text.slice(text.lastIndexOf("/") + 1);
  return name.startsWith("@") ? name : name.replace(/@.*$/, "");
}

function skipOptions(args: readonly Word[], withValue: readonly string[]): readonly Word[] {
  let at = 0;
  while (at < args.length) {
    const text = knownText(args[at] ?? []) ?? "";
    if (text === "--") return args.slice(at + 1);
    if (!text.startsWith("-")) break;
    at += withValue.includes(text) ? 2 : 1;
  }
  return args.slice(at);
}

function after(args: readonly Word[], verbs: readonly string[]): readonly Word[] | null {
  return verbs.includes(knownText(args[0] ?? []) ?? "") ? skipOptions(args.slice(1), []) : null;
}

function packageManager(args: readonly Word[], verbs: readonly string[]): readonly Word[] | null {
  const own = skipOptions(args, ["--dir", "-C", "--filter", "--prefix"]);
  const inner = after(own, verbs) ?? own;
  return packageCall(inner);
}

/** Only what is known as a package's program: `yarn migrate` is a script nobody can see. */
function packageCall(args: readonly Word[]): readonly Word[] | null {
  return nodePrograms.has(baseName(args[0])) ? [[baseName(args[0])], ...args.slice(1)] : null;
}

/** go run github.com/pressly/goose/v3/cmd/goose@latest … */
function goCall(args: readonly Word[]): readonly Word[] | null {
  const run = knownText(args[0] ?? []) === "run" ? skipOptions(args.slice(1), ["-tags", "-mod"]) : [];
  const path = knownText(run[0] ?? []) ?? "";
  return path.includes("/cmd/") && path.includes("@") ? [[baseName([path])], ...run.slice(1)] : null;
}

function pythonCall(args: readonly Word[]): readonly Word[] | null {
  const own = skipFlags(args);
  if (knownText(own[0] ?? []) === "-m") return own.slice(1);
  return scriptCall(own, ["manage.py", "alembic", "flask"]);
}

/** -u, -B and the like take no value; -m and -c end the interpreter's own options */
function skipFlags(args: readonly Word[]): readonly Word[] {
  const first = args.findIndex((word) => !/^-[bBdEIOPqsSuvx]+$/.test(knownText(word) ?? ""));
  return first < 0 ? [] : args.slice(first);
}

function scriptCall(args: readonly Word[], names: readonly string[]): readonly Word[] | null {
  const rest = skipOptions(args, ["-d", "-r"]);
  return names.includes(baseName(rest[0])) ? rest : null;
}

/** node node_modules/.bin/prisma, node ./node_modules/typeorm/cli.js */
function nodeCall(args: readonly Word[]): readonly Word[] | null {
  const rest = skipOptions(args, ["-r", "--require", "--import", "--loader"]);
  const path = knownText(rest[0] ?? []) ?? "";
  const name = /node_modules\/(?:\.bin\/)?([^/]+)/.exec(path)?.[1] ?? "";
  return nodePrograms.has(name) ? [[name], ...rest.slice(1)] : null;
}

function dropAssignments(args: readonly Word[]): readonly Word[] {
  const first = args.findIndex((word) => !/^\w+=/.test(typeof word[0] === "string" ? word[0] : ""));
  return first < 0 ? [] : args.slice(first);
}
