import { changes } from "../changes/index.ts";
import { denialCodes } from "../gate/denial-codes.ts";
import { hazardTexts } from "../hazards.ts";
import type { Hazard, Phase } from "../model/sql.ts";
import { hazards } from "../model/sql.ts";
import { rules } from "../rules/index.ts";
import { stepFindings } from "../step-findings.ts";
import { type Command, type ExitCode, type Io, UsageError } from "./command.ts";

/** `explain`: why a rule, a hazard or a denial code exists, and the safe way. */
export const explain: Command = {
  name: "explain",
  usage: "explain RULE | HAZARD | CODE",
  summary: "why a rule, a hazard or a denial code exists, and the safe way",
  help: `Explains one name as it stands in a denial: a rule (drop-column), a cluster change
(cluster-deleted), a hazard (data-loss) or a code (MG-CHECKPOINT).

Exit code: 0 explained, 2 unknown name.

  migration-gate explain drop-column`,
  run,
};

async function run(args: readonly string[], io: Io): Promise<ExitCode> {
  const [name, ...rest] = args;
  if (name === undefined || rest.length > 0) throw new UsageError("give one name: a rule, a hazard or a denial code");
  const text = explanationOf(name);
  if (text === null) throw new UsageError(`${name} is no rule, change, hazard or code: docs/rules.md lists them`);
  io.out(`${text}\n`);
  return 0;
}

/** Text of a name, null if nothing is called so. */
function explanationOf(name: string): string | null {
  const rule = rules.find(({ id }) => id === name);
  if (rule !== undefined) {
    const examples = [...rule.bad.map((sql) => `  flagged:  ${sql}`), ...rule.good.map((sql) => `  fine:     ${sql}`)];
    return [entry(rule), "", ...examples].join("\n");
  }
  const other = [...stepFindings, ...changes].find(({ id }) => id === name);
  if (other !== undefined) return entry(other);
  const code = denialCodes.find((candidate) => candidate.code === name);
  if (code !== undefined) return `${code.code}\n  means:    ${code.means}\n  do:       ${code.remedy}`;
  const hazard = hazards.find((candidate) => candidate === name);
  return hazard === undefined ? null : `${hazard}: ${hazardTexts[hazard]}\n${rulesOf(hazard)}`;
}

interface Entry {
  readonly id: string;
  readonly title: string;
  readonly hazard: Hazard;
  readonly phase: Phase;
  readonly why: string;
  readonly instead: string;
}

function entry({ id, title, hazard, phase, why, instead }: Entry): string {
  return `${id}: ${title}\n  hazard:   ${hazard} (phase ${phase})\n  effect:   ${why}\n  instead:  ${instead}`;
}

function rulesOf(hazard: Hazard): string {
  const named = [...rules, ...stepFindings, ...changes].filter((candidate) => candidate.hazard === hazard);
  return named.map(({ id, title }) => `  ${id.padEnd(32)} ${title}`).join("\n");
}
