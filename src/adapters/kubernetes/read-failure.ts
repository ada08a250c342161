import { ReadError, type ReadErrorCode } from "../../model/errors.ts";
import { ApiError } from "./api-client.ts";
import type { WatchState } from "./cache.ts";
import type { Resource } from "./resources.ts";

/** Why a watched kind cannot be read from memory, in words; null if it can. */
export function problemOf(resource: Resource, state: WatchState): string | null {
  switch (state) {
    case "synced":
    case "absent":
      return null;
    case "unread":
      return `${resource.plural} have not been read yet: the API server has not answered`;
    case "forbidden":
      return forbidden(resource);
    case "stale":
      return `what is known of ${resource.plural} is out of date: the watch on them is broken`;
  }
}

/** Throws ReadError if what is in memory cannot be believed. */
export function assertBelievable(resource: Resource, state: WatchState): void {
  const problem = problemOf(resource, state);
  if (problem !== null) throw new ReadError(codes[state], problem);
}

const codes: Readonly<Record<WatchState, ReadErrorCode>> = {
  synced: "READ_FAILED",
  absent: "READ_FAILED",
  unread: "READ_UNREACHABLE",
  forbidden: "READ_FORBIDDEN",
  stale: "READ_STALE",
};

/** A failed live read as the error the gate knows. `what` is "ConfigMap production/sql" or "backups of namespace production". */
export function readFailure(resource: Resource, what: string, cause: unknown): ReadError {
  const status = cause instanceof ApiError ? cause.status : 0;
  const error = (code: ReadErrorCode, reason: string) =>
    new ReadError(code, `${what} could not be read: ${reason}`, { cause });
  if (status === 401 || status === 403) return error("READ_FORBIDDEN", forbidden(resource));
  if (status !== 0) return error("READ_FAILED", `the API server answered ${status}`);
  if (isTimeout(cause)) return error("READ_TIMEOUT", "the API server did not answer in time");
  if (isNetwork(cause)) return error("READ_UNREACHABLE", "the API server cannot be reached");
  return error("READ_FAILED", "the API server's answer makes no sense");
}

function forbidden({ plural, group }: Resource): string {
  return `the gate's account may not read ${plural}${group === "" ? "" : `.${group}`} (RBAC)`;
}

function isTimeout(cause: unknown): boolean {
  return cause instanceof Error && ["TimeoutError", "AbortError"].includes(cause.name);
}

function isNetwork(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string";
}
