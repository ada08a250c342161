import type { Rule } from "../model/rule.ts";
import { settingsOf } from "./settings.ts";

const timeouts = new Set([
  "lock_timeout",
  "statement_timeout",
  "idle_in_transaction_session_timeout",
  "transaction_timeout",
]);

export const timeoutsOff: Rule = {
  id: "timeouts-off",
  title: "Switch a timeout off, or let a lock be waited for long",
  hazard: "note",
  phase: "migrate",
  why: "a statement that waits for a lock lets every later query of the table wait behind it, without an end",
  instead: "SET lock_timeout = '5s', and run it again when it fails",
  bad: [
    "SET lock_timeout = 0;",
    "SET LOCAL lock_timeout = '10min';",
    "SET statement_timeout TO '0';",
    "SELECT set_config('idle_in_transaction_session_timeout', '0', true);",
    "ALTER ROLE writer SET lock_timeout = 0;",
  ],
  good: [
    "SET lock_timeout = '5s';",
    "SET statement_timeout = '10min';",
    "RESET lock_timeout;",
    "SET LOCAL lock_timeout = 3000;",
  ],
  check: (statement) =>
    settingsOf(statement)
      .filter(({ name, value, isReset }) => timeouts.has(name) && !isReset && isEndless(name, value))
      .map(({ name }) => ({ subject: name })),
};

const longestWaitMs = 60_000;

function isEndless(name: string, value: string | null): boolean {
  const ms = milliseconds(value ?? "");
  return ms === 0 || (name === "lock_timeout" && ms > longestWaitMs);
}

const units: Readonly<Record<string, number>> = { us: 0.001, ms: 1, s: 1000, min: 60_000, h: 3_600_000, d: 86_400_000 };

/** "5s" → 5000; not a number if it is no duration. */
function milliseconds(value: string): number {
  const [, number = "", unit = ""] = /^\s*(\d+)\s*([a-z]*)\s*$/.exec(value) ?? [];
  return number === "" ? Number.NaN : Number(number) * (units[unit === "" ? "ms" : unit] ?? Number.NaN);
}
