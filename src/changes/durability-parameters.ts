/** PostgreSQL settings whose value decides what survives a crash or can be restored (cnpg.md section 3; CNPG fixes none of them). */

type Strength = (value: string) => number | null;

const yes = new Set(["on", "true", "tru", "tr", "t", "yes", "ye", "y", "1"]);
const no = new Set(["off", "of", "false", "fals", "fal", "fa", "f", "no", "n", "0"]);

/** Ranks, weakest first; words of one rank mean the same. */
function rank(...ranks: readonly ReadonlySet<string>[]): Strength {
  return (value) => {
    const found = ranks.findIndex((words) => words.has(value));
    return found < 0 ? null : found;
  };
}

/** A number in the unit given, negative where the setting is off; the larger the stronger. */
function amount(value: string, units: Readonly<Record<string, number>>): number | null {
  const [, digits, unit = ""] = /^(-?\d+(?:\.\d+)?)\s*([a-zA-Z]*)$/.exec(value) ?? [];
  const factor = units[unit];
  return digits === undefined || factor === undefined ? null : Number(digits) * factor;
}

const seconds = { "": 1, us: 1e-6, ms: 1e-3, s: 1, min: 60, h: 3600, d: 86_400 };
const megabytes = { "": 1, b: 2 ** -20, kb: 2 ** -10, mb: 1, gb: 2 ** 10, tb: 2 ** 20 };

/** 0 never forces a segment switch; otherwise the longer, the more is lost. */
function promptness(value: string): number | null {
  const timeout = amount(value, seconds);
  if (timeout === null) return null;
  return timeout <= 0 ? Number.NEGATIVE_INFINITY : -timeout;
}

/** -1 keeps what slots need without a bound. */
function slotRoom(value: string): number | null {
  const size = amount(value, megabytes);
  return size !== null && size < 0 ? Number.POSITIVE_INFINITY : size;
}

/** Setting → how strong a value is, null if it cannot be read. */
export const durabilityParameters: ReadonlyMap<string, Strength> = new Map([
  ["archive_library", (value: string) => (value === "" ? 1 : 0)],
  ["archive_mode", rank(no, new Set([...yes, "always"]))],
  ["archive_timeout", promptness],
  ["fsync", rank(no, yes)],
  ["full_page_writes", rank(no, yes)],
  ["ignore_checksum_failure", rank(yes, no)],
  ["ignore_invalid_pages", rank(yes, no)],
  ["max_slot_wal_keep_size", slotRoom],
  ["synchronous_commit", rank(no, new Set(["local"]), new Set(["remote_write"]), yes, new Set(["remote_apply"]))],
  ["wal_level", rank(new Set(["minimal"]), new Set(["replica", "archive", "hot_standby"]), new Set(["logical"]))],
  ["zero_damaged_pages", rank(yes, no)],
]);

/** A setting went to a weaker value, or to one that cannot be read. */
export function isWeaker(strength: Strength, from: string, to: string): boolean {
  const [before, after] = [from, to].map((value) => strength(value.trim().toLowerCase()));
  if (from === to || before === undefined || after === undefined) return false;
  return after === null || (before !== null && after < before);
}
