#!/usr/bin/env node
import { realpathSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { type Command, type ExitCode, type Io, UsageError } from "./commands/command.ts";
import { commands } from "./commands/index.ts";

/** Runs one command line. Everything that fails before a decision is exit code 2, with a message and no stack. */
export async function main(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === "--version" || name === "-V") return await version(io);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") return help(rest[0], io);
  const command = commands.find((candidate) => candidate.name === name);
  if (command === undefined) return misuse(`${name} is no command`, io);
  if (rest.includes("--help") || rest.includes("-h")) return help(command.name, io);
  try {
    return await command.run(rest, io);
  } catch (error) {
    return failure(command, error, io);
  }
}

function help(name: string | undefined, io: Io): ExitCode {
  const command = commands.find((candidate) => candidate.name === name);
  if (command !== undefined) {
    io.out(`migration-gate ${command.usage}\n\n${command.help}\n`);
    return 0;
  }
  const rows = commands.map((each) => `  ${each.name.padEnd(10)} ${each.summary}`);
  io.out(`${overview}\n\n${rows.join("\n")}\n\nmigration-gate <command> --help says how, with an example.\n`);
  return 0;
}

const overview = `migration-gate stands in front of database migrations that cannot be undone.

It finds the SQL that a migration Job will run, understands every statement, and refuses what
can lose data or break the running release, unless a reviewer has approved exactly this SQL and
a backup that can be restored was taken shortly before.`;

/** Errors that speak for themselves have a code; anything else is a fault of ours, and its stack helps. */
function failure(command: Command, error: unknown, io: Io): ExitCode {
  if (!(error instanceof Error)) throw error;
  const isOptions = "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS");
  if (error instanceof UsageError || isOptions) {
    return misuse(`${error.message}\nusage: migration-gate ${command.usage}`, io);
  }
  io.err(`migration-gate ${command.name}: ${"code" in error ? error.message : (error.stack ?? error.message)}\n`);
  return 2;
}

function misuse(message: string, io: Io): ExitCode {
  io.err(`migration-gate: ${message}\nmigration-gate --help lists the commands\n`);
  return 2;
}

async function version(io: Io): Promise<ExitCode> {
  const manifest: { readonly version: string } = JSON.parse(
    await readFile(new URL("../package.json", import.meta.url), "utf8"),
  );
  io.out(`migration-gate ${manifest.version}\n`);
  return 0;
}

/** The process' own streams. */
function processIo(): Io {
  return {
    out: (chunk) => process.stdout.write(chunk),
    err: (chunk) => process.stderr.write(chunk),
    readStdin: () => text(process.stdin),
    isTerminal: process.stdout.isTTY === true,
    showsProgress: process.stderr.isTTY === true,
  };
}

/** npm runs a binary through a link, and tsx by its source: what counts is the file in the end. */
function isEntryPoint(): boolean {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === realpathSync(import.meta.filename);
}

if (isEntryPoint()) process.exitCode = await main(process.argv.slice(2), processIo());
