import type { Word } from "../model/run.ts";
import type { ToolCall } from "../model/tool.ts";
import { optionValue } from "./arguments.ts";
import { firstGiven } from "./connection.ts";
import { type ForwardPart, markedLines, readFolders } from "./migration-folder.ts";
import { tableTool } from "./subcommands.ts";

/** goose: DRIVER and DBSTRING may stand before the command, or in GOOSE_DRIVER and GOOSE_DBSTRING. */
export const goose = tableTool({
  id: "goose",
  title: "goose",
  images: [
    { repository: "docker.io/gomicro/goose", entrypoint: ["goose"] },
    { repository: "ghcr.io/pressly/goose", entrypoint: ["goose"] },
  ],
  binaries: ["goose"],
  destructive: ["down", "down-to", "redo", "reset"],
  history: ["fix"],
  unclear: ["up -no-versioning", "up --no-versioning"],
  forward: ["up", "up-by-one", "up-to"],
  harmless: ["status", "version", "validate", "create", "env"],
  urlVariables: ["GOOSE_DBSTRING"],
  folder: (call) => readFolders(call, [folderOf(call)], { names: /^(\d+)_.*\.(?:sql|go)$/, forward: upPart }),
});

/** -dir or GOOSE_MIGRATION_DIR; the working directory otherwise. */
function folderOf({ args, invocation }: ToolCall): Word {
  return firstGiven(
    optionValue(args, "-dir"),
    optionValue(args, "--dir"),
    invocation.env.get("GOOSE_MIGRATION_DIR") ?? [],
    ["."],
  );
}

/** A file that puts variables in (ENVSUB), or is Go, has no part that can be read. */
function upPart(text: string): ForwardPart | null {
  if (/^--\s*\+goose\s+ENVSUB\s+ON/im.test(text)) return null;
  const up = markedLines(text, /^\s*--\s*\+goose\s+Up\b/i, /^--\s*\+goose\s+Down\s*$/);
  return up === null ? null : { text: up, inTransaction: !/^--\s*\+goose\s+NO\s+TRANSACTION/im.test(text) };
}
