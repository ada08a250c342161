/** A text as its client sends it to the server, in order. */
export type ScriptEvent = SqlEvent | MarkupEvent | OpaqueEvent | ErrorEvent;

/** SQL that is sent: one statement or several. Line and column (from 1) of its first character, in the text itself. */
export interface SqlEvent {
  readonly kind: "sql";
  readonly sql: string;
  readonly line: number;
  readonly column: number;
  /** it came from an included file or a variable: all of it stands at `line` for the reader */
  readonly isElsewhere: boolean;
  /** an error here ends the run */
  readonly stopsOnError: boolean;
  /** in a branch of \if, which may not be taken */
  readonly isInBranch: boolean;
  /** filled where the value is not known: if it does not parse, that is no error of its own */
  readonly isFilled: boolean;
}

/** Part of the canonical form that is no SQL: a command that changes execution, data after COPY. */
interface MarkupEvent {
  readonly kind: "markup";
  readonly text: string;
  /** what was known of the session before does not hold any more */
  readonly reconnects: boolean;
}

interface OpaqueEvent {
  readonly kind: "opaque";
  readonly line: number;
  readonly reason: string;
}

interface ErrorEvent {
  readonly kind: "error";
  readonly line: number;
  readonly message: string;
}
