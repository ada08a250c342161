/** Where a command reads and writes: results on `out`, everything else on `err`. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  readStdin(): Promise<string>;
  /** the result goes to a person's terminal */
  readonly isTerminal: boolean;
  /** progress goes to a person's terminal */
  readonly showsProgress: boolean;
}

/** 0 allowed or nothing found, 1 denied or found, 2 could not judge. 2 never looks like 0. */
export type ExitCode = 0 | 1 | 2;

/** One command, one file. */
export interface Command {
  readonly name: string;
  readonly usage: string;
  readonly summary: string;
  /** teaches: what it does, options, an example */
  readonly help: string;
  /** throws UsageError for what it was not meant to be given */
  run(args: readonly string[], io: Io): Promise<ExitCode>;
}

/** A misuse: says what is wrong and what is allowed. */
export class UsageError extends Error {
  readonly code = "MG-USAGE";
}

/** One of several allowed values of an option. */
export function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (found === undefined) throw new UsageError(`${option} ${value}: allowed are ${allowed.join(", ")}`);
  return found;
}
