import type { ChangeFacts } from "../model/change.ts";
import { type ArchiveLocation, locationOf, type WalArchiver } from "./archiver.ts";

/** One part of an archive's place that is another now. */
export interface ArchiveMove {
  readonly field: string;
  readonly from: string;
  readonly to: string;
}

/** What differs between two places of an archive, by field. */
export function movesBetween(before: ArchiveLocation, after: ArchiveLocation): readonly ArchiveMove[] {
  return differing([
    { field: "destinationPath", from: before.destinationPath, to: after.destinationPath },
    { field: "endpointURL", from: before.endpointURL, to: after.endpointURL },
    { field: "serverName", from: before.serverName, to: after.serverName },
    { field: "credentials", from: before.credentials, to: after.credentials },
  ]);
}

/** What differs between the places two archivers write to; a place that cannot be read counts as another one. */
export function movesOf(before: WalArchiver, after: WalArchiver, facts: ChangeFacts): readonly ArchiveMove[] {
  if (before.kind === "plugin" && after.kind === "plugin") return pluginMoves(before, after);
  const [from, to] = [locationOf(before, facts), locationOf(after, facts)];
  if (from !== null && to !== null) return movesBetween(from, to);
  return [{ field: "archive", from: nameOf(before), to: nameOf(after) }];
}

type Plugin = Extract<WalArchiver, { kind: "plugin" }>;

function pluginMoves(before: Plugin, after: Plugin): readonly ArchiveMove[] {
  return differing([
    { field: "plugin", from: before.plugin, to: after.plugin },
    { field: "barmanObjectName", from: before.objectStore, to: after.objectStore },
    { field: "serverName", from: before.serverName, to: after.serverName },
  ]);
}

function differing(moves: readonly ArchiveMove[]): readonly ArchiveMove[] {
  return moves.filter(({ from, to }) => from !== to);
}

function nameOf(archiver: WalArchiver): string {
  return archiver.kind === "in-tree"
    ? archiver.location.destinationPath
    : `ObjectStore ${archiver.objectStore} (unreadable)`;
}
