import { isRecord } from "./parse.ts";
import type { TreeStatement } from "./tree.ts";

interface Frame {
  /** "" for the transaction itself */
  readonly name: string;
  readonly members: number[];
}

/** A text's transactions while its statements are gone through. */
interface Course {
  frames: Frame[];
  isOpen: boolean;
  readonly undone: Set<number>;
}

function begin(course: Course): void {
  course.isOpen = true;
  course.frames = [{ name: "", members: [] }];
}

function end(course: Course, isUndone: boolean, isChained: boolean): void {
  if (isUndone) undo(course, 0);
  course.frames = [];
  course.isOpen = false;
  if (isChained) begin(course);
}

function undo(course: Course, from: number): void {
  for (const { members } of course.frames.slice(from)) for (const member of members) course.undone.add(member);
}

/** False for a savepoint that is not there: the server then answers with an error, and what follows is not known. */
function toSavepoint(course: Course, name: string, isUndone: boolean): boolean {
  const index = course.frames.findLastIndex((frame) => frame.name === name);
  if (index < 0 || name === "") return false;
  if (isUndone) undo(course, index);
  else course.frames[index - 1]?.members.push(...course.frames.slice(index).flatMap(({ members }) => members));
  course.frames.length = index;
  if (isUndone) course.frames.push({ name, members: [] });
  return true;
}

function follow(course: Course, node: Readonly<Record<string, unknown>>): boolean {
  const name = String(node["savepoint_name"] ?? "");
  switch (node["kind"]) {
    case "TRANS_STMT_BEGIN":
    case "TRANS_STMT_START":
      if (!course.isOpen) begin(course);
      return true;
    case "TRANS_STMT_SAVEPOINT":
      course.frames.push({ name, members: [] });
      return course.isOpen;
    case "TRANS_STMT_RELEASE":
    case "TRANS_STMT_ROLLBACK_TO":
      return toSavepoint(course, name, node["kind"] === "TRANS_STMT_ROLLBACK_TO");
    case "TRANS_STMT_ROLLBACK":
    case "TRANS_STMT_COMMIT":
    case "TRANS_STMT_PREPARE":
      end(course, node["kind"] === "TRANS_STMT_ROLLBACK", node["chain"] === true);
      return true;
    default:
      return false;
  }
}

/**
 * Indexes of the statements that a ROLLBACK of the same text undoes for sure. `statements` all run, in this order, on one
 * connection; `isOpen` if a transaction is open around them. Null once one of them cannot be followed.
 */
export function rolledBack(statements: readonly TreeStatement[], isOpen: boolean): ReadonlySet<number> | null {
  const course: Course = { frames: [], isOpen: false, undone: new Set() };
  if (isOpen) begin(course);
  for (const [index, { tag, node }] of statements.entries()) {
    if (tag !== "TransactionStmt") course.frames.at(-1)?.members.push(index);
    else if (!isRecord(node) || !follow(course, node)) return null;
  }
  return course.undone;
}
