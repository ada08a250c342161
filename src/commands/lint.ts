import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { createSqlWorkers } from "../adapters/sql-workers.ts";
import { counted } from "../model/counted.ts";
import { type AnalyzedText, type Dialect, type Hazard, hazards, type SqlText } from "../model/sql.ts";
import { type Command, type ExitCode, type Io, oneOf, UsageError } from "./command.ts";

/** `lint`: SQL files alone, no cluster and no policy. */
export const lint: Command = {
  name: "lint",
  usage: "lint PATH… [options]",
  summary: "find hazards in SQL files, without cluster and policy",
  help: `Reads SQL files (files, folders of *.sql, - for standard input) and lists every statement
that can lose data, break the running release or cannot be read.

  --dialect D        postgresql (default), mysql, mariadb
  --fail-on H,…      hazards that make it exit 1 (default: data-loss,opaque)
  -o, --output F     text (default), json

Exit code: 0 none of these hazards, 1 found, 2 a file could not be read or parsed.

  migration-gate lint db/migrations
  migration-gate lint --fail-on data-loss,data-change up.sql`,
  run,
};

/** Results of one file; `analyzed` is null when the file itself could not be read. */
interface Linted {
  readonly path: string;
  readonly dialect: Dialect;
  readonly analyzed: AnalyzedText;
}

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      dialect: { type: "string", default: "postgresql" },
      "fail-on": { type: "string", default: "data-loss,opaque" },
      output: { type: "string", short: "o", default: "text" },
    },
  });
  const dialect = oneOf("--dialect", values.dialect, ["postgresql", "mysql", "mariadb"] as const);
  const failOn = values["fail-on"].split(",").map((hazard) => oneOf("--fail-on", hazard.trim(), hazards));
  const format = oneOf("--output", values.output, ["text", "json"] as const);
  if (positionals.length === 0) throw new UsageError("give at least one SQL file or folder, or - for standard input");
  const files = (await Promise.all(positionals.map(sqlFiles))).flat();
  if (files.length === 0) throw new UsageError(`no *.sql file is under ${positionals.join(", ")}`);
  const linted = await lintAll(files, dialect, io);
  io.out(format === "json" ? `${JSON.stringify(asJson(linted), null, 2)}\n` : asText(linted));
  return exitCode(linted, failOn);
}

async function lintAll(files: readonly string[], dialect: Dialect, io: Io): Promise<readonly Linted[]> {
  const analyzer = createSqlWorkers({ threads: 1, deadlineMs: 30_000, cacheBytes: 1024 * 1024 });
  try {
    const linted: Linted[] = [];
    for (const path of files) {
      const text = path === "-" ? await io.readStdin() : (await readFile(path)).toString("utf8");
      const { texts } = await analyzer.analyze({ texts: [sqlText(path, text, dialect)] }, AbortSignal.timeout(30_000));
      linted.push(...texts.map((analyzed) => ({ path, dialect, analyzed })));
    }
    return linted;
  } finally {
    await analyzer.close();
  }
}

async function sqlFiles(path: string): Promise<readonly string[]> {
  if (path === "-" || !(await stat(path)).isDirectory()) return [path];
  const names = await readdir(path, { recursive: true });
  return names
    .filter((name) => name.endsWith(".sql"))
    .toSorted()
    .map((name) => join(path, name));
}

/** A file by itself is read as psql reads it, stopping at the first error: the habit of every migration tool. */
function sqlText(path: string, text: string, dialect: Dialect): SqlText {
  return {
    ...{ origin: { object: path, key: "", line: 1 }, text, dialect, client: "psql", variables: {}, includes: {} },
    ...{ stopsOnError: true, singleTransaction: false, markers: [] },
  };
}

function exitCode(linted: readonly Linted[], failOn: readonly Hazard[]): ExitCode {
  if (linted.some(({ analyzed }) => analyzed.errors.length > 0)) return 2;
  const found = linted.some(({ analyzed }) => {
    const opaque = failOn.includes("opaque") && analyzed.opaque.length > 0;
    return opaque || analyzed.hits.some(({ hazard }) => failOn.includes(hazard));
  });
  return found ? 1 : 0;
}

function asJson(linted: readonly Linted[]) {
  return {
    version: 1,
    files: linted.map(({ path, dialect, analyzed }) => ({
      ...{ path, dialect, statements: analyzed.statements.length },
      findings: analyzed.hits.map(({ rule, hazard, line, column, display, why, instead }) => ({
        ...{ rule, hazard, line, column, statement: display, message: why, instead },
      })),
      ...{ opaque: analyzed.opaque, errors: analyzed.errors },
    })),
  };
}

function asText(linted: readonly Linted[]): string {
  const lines = linted.flatMap(({ path, analyzed }) => [
    ...analyzed.hits.map(
      (hit) =>
        `${path}:${hit.line}:${hit.column}  ${hit.hazard}  ${hit.rule}  ${hit.display}\n    ${hit.why}\n    instead: ${hit.instead}`,
    ),
    ...analyzed.opaque.map(({ line, reason }) => `${path}:${line}  opaque  ${reason}`),
    ...analyzed.errors.map(({ line, message }) => `${path}:${line}  unreadable  ${message}`),
  ]);
  const statements = linted.reduce((sum, { analyzed }) => sum + analyzed.statements.length, 0);
  const totals = [counted(linted.length, "file"), counted(statements, "statement"), counted(lines.length, "finding")];
  return `${[...lines, totals.join(", ")].join("\n")}\n`;
}
