import type { Rule } from "../model/rule.ts";
import type { SqlText } from "../model/sql.ts";
import { createCanonicalHash } from "./canonical.ts";
import { displayOf } from "./display.ts";
import { emptyFindings, type Findings } from "./findings.ts";
import { brokenText, withoutByteOrderMark } from "./limits.ts";
import { createLocator, type Position } from "./locate.ts";
import { changesMysqlSchema, type Effect, effectsOf } from "./mysql-effects.ts";
import { parseMysql } from "./mysql-parse.ts";
import { scanMysql } from "./mysql-scanner.ts";
import { type OpenText, openText } from "./open-text.ts";
import type { Token } from "./scanner.ts";
import { markerDoubts } from "./token-checks.ts";
import { unreadableText } from "./unreadable.ts";

interface Statement extends Position {
  readonly sql: string;
  readonly display: string;
}

/** The mysql client's own commands; the server has none of them. */
const clientCommand = /^\s*(?:delimiter|source|system|\\[!.a-z])/im;

/** Statements with another character set or sql_mode would be read differently; these three are what is read here. */
const harmlessNames = /^set\s+names\s+['"]?utf8(?:mb[34])?['"]?(?:\s+collate\s+\w+)?$/i;

function unreadable(text: SqlText, message: string): OpenText {
  return { findings: emptyFindings(), finish: () => unreadableText(text, message) };
}

function splitTokens(text: string, tokens: readonly Token[]): readonly (readonly Token[])[] {
  const statements: Token[][] = [[]];
  for (const token of tokens) {
    if (token.kind === "punctuation" && text[token.start] === ";") statements.push([]);
    else statements.at(-1)?.push(token);
  }
  return statements.filter((statement) => statement.length > 0);
}

function note(findings: Findings, effect: Effect, statement: Statement, rules: readonly Rule[]): void {
  const { line, column, display } = statement;
  if (effect.kind === "opaque") {
    findings.opaque.push({ line, reason: effect.reason });
    return;
  }
  const rule = rules.find(({ id }) => id === effect.rule);
  if (rule === undefined) {
    findings.opaque.push({ line, reason: `${effect.rule} of ${effect.subject}, for which there is no rule` });
    return;
  }
  const { id, hazard, phase, why, instead } = rule;
  findings.hits.push({ rule: id, hazard, phase, subject: effect.subject, display, line, column, why, instead });
}

function readStatement(findings: Findings, statement: Statement, text: SqlText, rules: readonly Rule[]): string {
  if (harmlessNames.test(statement.sql)) return "set";
  const trees = parseMysql(statement.sql, text.dialect);
  if (trees === null) {
    findings.opaque.push({ line: statement.line, reason: "a statement that the MySQL parser does not take" });
    return "unknown";
  }
  for (const tree of trees) {
    findings.changesSchema ||= changesMysqlSchema(tree);
    for (const effect of effectsOf(tree)) note(findings, effect, statement, rules);
  }
  return String(trees[0]?.["type"]);
}

/** Takes a MySQL or MariaDB text apart. What is not understood is opaque; a text that may not be what it seems is refused. */
export function openMysqlText(text: SqlText, rules: readonly Rule[]): OpenText {
  const source = withoutByteOrderMark(text.text);
  const broken = brokenText(source) ?? scanMysql(source).broken;
  if (broken !== null) return unreadable(text, broken.message);
  if (clientCommand.test(source)) return unreadable(text, "holds a command of the mysql client, which is not read");
  const { tokens } = scanMysql(source);
  const hash = createCanonicalHash(text.dialect);
  hash.sql(source, tokens);
  const findings = emptyFindings();
  const locate = createLocator(source, text.origin.line, 1);
  for (const { at, reason } of markerDoubts(source, tokens, text.markers)) {
    findings.opaque.push({ line: locate(at).line, reason });
  }
  const statements = splitTokens(source, tokens).map((own) => {
    const sql = source.slice(own[0]?.start, own.at(-1)?.end);
    const statement = { ...locate(own[0]?.start ?? 0), sql, display: displayOf(source, own) };
    return { display: statement.display, line: statement.line, kind: readStatement(findings, statement, text, rules) };
  });
  return openText({ text, findings, errors: [], statements, canonical: hash.digest(), settings: [] });
}
