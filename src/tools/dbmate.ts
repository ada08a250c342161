import type { Word } from "../model/run.ts";
import type { ToolCall } from "../model/tool.ts";
import { wordText } from "../model/word.ts";
import { optionValue } from "./arguments.ts";
import { firstGiven } from "./connection.ts";
import { type ForwardPart, markedLines, readFolders } from "./migration-folder.ts";
import { tableTool } from "./subcommands.ts";

/** dbmate: up also creates the database and dumps the schema to a file. */
export const dbmate = tableTool({
  id: "dbmate",
  title: "dbmate",
  images: [
    { repository: "docker.io/amacneil/dbmate", entrypoint: ["dbmate"], workingDir: "/" },
    { repository: "ghcr.io/amacneil/dbmate", entrypoint: ["dbmate"], workingDir: "/" },
  ],
  binaries: ["dbmate"],
  destructive: ["drop", "down", "rollback"],
  unclear: ["load"],
  forward: ["up", "migrate"],
  harmless: ["status", "wait", "new", "create", "dump"],
  urlOptions: ["--url", "-u"],
  urlVariables: ["DATABASE_URL"],
  folder: (call) => readFolders(call, foldersOf(call), { names: /^(\d+).*\.sql$/, forward: upPart }),
});

/** -d or DBMATE_MIGRATIONS_DIR, a list; "./db/migrations" of the working directory otherwise. */
function foldersOf({ args, invocation }: ToolCall): readonly Word[] {
  const option = firstGiven(optionValue(args, "-d"), optionValue(args, "--migrations-dir"));
  const written = wordText(firstGiven(option, invocation.env.get("DBMATE_MIGRATIONS_DIR") ?? [], ["./db/migrations"]));
  return written.text.split(",").map((folder) => written.back(folder.trim()));
}

/** Several up and down parts may take turns in one file. */
function upPart(text: string): ForwardPart | null {
  const up = markedLines(text, /^\s*--\s*migrate:up(\s|$)/, /^--\s*migrate:down(\s|$)/);
  return up === null ? null : { text: up, inTransaction: !/^--\s*migrate:up\s.*transaction:false/m.test(text) };
}
