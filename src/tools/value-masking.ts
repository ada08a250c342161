/** Longer ones are no addresses; and the patterns below are quadratic at worst. */
const longest = 1000;

/** Keywords of connections and variables of tools whose values help people and are never secret. */
const harmlessKeys =
  "host|hostaddr|port|dbname|database|server|user|sslmode|application_name|connect_timeout|target_session_attrs|search_path|ON_ERROR_STOP|VERSION|RAILS_ENV|STEP";
const harmlessKey = new RegExp(`^(?:${harmlessKeys})$`, "i");
const harmlessValue = /^[\w./:,*\uE000-\uF8FF-]*$/;

/** KEY=value, alone or one after the other: a masked value goes on until the next keyword that is known. */
const pairs = new RegExp(
  `(?<![\\w.-])([\\w.-]+)(\\s*=\\s*)('(?:[^'\\\\]|\\\\.)*'|"[^"]*"|[\\s\\S]*?)(?=[\\s&;]+(?:${harmlessKeys}|password|passwd|pwd)\\s*=|\\s*$)`,
  "gi",
);

/**
 * A tool's argument or option's value for people: names, paths and commands stay; users and passwords of addresses, query
 * values, values of keywords ("password = x", "NAME=x") and whatever looks like code are masked.
 */
export function maskedValue(text: string): string {
  if (text.length > longest) return "…";
  if (isPairs(text)) return maskedPairs(text);
  const bare = text.replace(/:\/\/.*@/s, "://***@").replace(/^[^\s/=]*:(?!\/\/).*@/s, "***@");
  if (bare.includes("://") || bare.startsWith("***@")) return maskedAddress(bare);
  return /[\s'"{}=]/.test(bare) ? "…" : bare;
}

function isPairs(text: string): boolean {
  return /^\s*[\w.-]+\s*=/.test(text);
}

function maskedPairs(text: string): string {
  return text.replace(pairs, (_, key: string, equals: string, value: string) => `${key}${equals}${kept(key, value)}`);
}

function kept(key: string, value: string): string {
  return harmlessKey.test(key) && harmlessValue.test(value) ? value : "***";
}

/** What follows "?", "#" or ";" is a list of parameters. */
function maskedAddress(text: string): string {
  const [address = "", ...rest] = text.split(/([?#&;])/);
  const parameters = rest.map((piece, at) => (at % 2 === 0 || piece === "" ? piece : maskedParameter(piece)));
  return `${/[\s'"{}=]/.test(address) ? "…" : address}${parameters.join("")}`;
}

function maskedParameter(piece: string): string {
  return /^[\w.-]+=/.test(piece) ? maskedPairs(piece) : "***";
}
