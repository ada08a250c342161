import type { Opaque } from "./model/run.ts";
import type { Hazard, Phase } from "./model/sql.ts";

/** What a step can be guilty of without a line of SQL: a tool's own command, or a place that cannot be read. */
export interface StepFinding {
  readonly id: string;
  readonly title: string;
  readonly hazard: Hazard;
  readonly phase: Phase;
  readonly why: string;
  readonly instead: string;
}

const destructiveCommand: StepFinding = {
  id: "destructive-command",
  title: "A tool's command that destroys by itself",
  hazard: "data-loss",
  phase: "contract",
  why: "drops or empties what is in the database, whatever the migration files say",
  instead: "run the tool's forward command and write what must go as SQL that can be reviewed",
};

const historyCommand: StepFinding = {
  id: "history-command",
  title: "A tool's command that rewrites its history",
  hazard: "integrity",
  phase: "migrate",
  why: "changes what the tool believes has run, so later runs skip or repeat migrations",
  instead: "add a new migration that corrects the old one",
};

const forwardCommand: StepFinding = {
  id: "forward-command",
  title: "A known tool's forward command whose files are out of sight",
  hazard: "opaque",
  phase: "migrate",
  why: "runs migrations that are inside the image, so their SQL cannot be read here",
  instead: "mount the SQL files from a ConfigMap made of the same folder",
};

const program: StepFinding = {
  id: "program",
  title: "An unknown program that reaches a database",
  hazard: "opaque",
  phase: "migrate",
  why: "an unknown program may do anything to the database it reaches",
  instead: "run the SQL with a client or a tool the gate can read",
};

const untrusted: StepFinding = {
  id: "untrusted",
  title: "Readable SQL that something may bend",
  hazard: "opaque",
  phase: "migrate",
  why: "what is read here may not be what runs",
  instead: "use a client image the policy lists and leave out what can bend it",
};

const dynamicSql: StepFinding = {
  id: "dynamic-sql",
  title: "SQL that is not written out: put together at run time, or in a function out of sight",
  hazard: "opaque",
  phase: "migrate",
  why: "what runs is not written here, so nobody can say what it does",
  instead: "write the statements out, or keep the function's definition beside its call",
};

const unreadable: StepFinding = {
  id: "unreadable",
  title: "SQL that cannot be read or parsed",
  hazard: "opaque",
  phase: "migrate",
  why: "what cannot be read cannot be judged",
  instead: "make the place named here readable",
};

/** Every one of them, in the order of docs/rules.md. */
export const stepFindings: readonly StepFinding[] = [
  destructiveCommand,
  historyCommand,
  forwardCommand,
  program,
  untrusted,
  dynamicSql,
  unreadable,
];

/** The finding of an opaque place. */
export const opaqueFindings: Readonly<Record<Opaque["kind"], StepFinding>> = {
  "forward-command": forwardCommand,
  program,
  untrusted,
  dynamic: dynamicSql,
  unreadable,
};

/** The finding of a tool's own command. */
export const commandFindings: Readonly<Record<"destructive-command" | "history-command", StepFinding>> = {
  "destructive-command": destructiveCommand,
  "history-command": historyCommand,
};
