import type { Word } from "../model/run.ts";
import type { Call, Context, Outcome, Shell } from "./engine.ts";

/** A program that runs another one: its command is read in its place. Null for any other program. */
export function unwrap(
  _name: string,
  _args: readonly Word[],
  _shell: Shell,
  _context: Context,
  _call: Call,
): Outcome | null {
  return null;
}
