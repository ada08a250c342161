import type { LocatedStep, Location, ParsedStep } from "../model/run.ts";
import type { AnalyzedText } from "../model/sql.ts";
import type { SqlAnalyzer } from "../ports.ts";

/**
 * Step 5: SQL texts → statements with their rules' hits. Texts that reach one target are read together, in the order
 * they run, because what a file creates another may use. The reading itself happens in a worker (docs/decisions).
 */
export async function parse(
  steps: readonly LocatedStep[],
  analyzer: SqlAnalyzer,
  signal: AbortSignal,
): Promise<readonly ParsedStep[]> {
  const groups = new Map<string, LocatedStep[]>();
  for (const located of steps) {
    const key = targetKey(located.location);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [located]);
    else group.push(located);
  }
  const texts = new Map<LocatedStep, readonly AnalyzedText[]>();
  for (const group of groups.values()) {
    const request = group.flatMap(({ step }) => step.sql);
    const analyzed = request.length === 0 ? [] : (await analyzer.analyze({ texts: request }, signal)).texts;
    let start = 0;
    for (const located of group) {
      texts.set(located, analyzed.slice(start, start + located.step.sql.length));
      start += located.step.sql.length;
    }
  }
  return steps.map((located) => ({ step: located.step, location: located.location, texts: texts.get(located) ?? [] }));
}

function targetKey(location: Location): string {
  switch (location.kind) {
    case "cluster":
      return `${location.target.namespace}/${location.target.cluster}/${location.target.database}`;
    case "external":
      return `${location.host}/${location.database}`;
    case "unknown":
      return "";
  }
}
