import type { Word } from "../model/run.ts";
import type { ToolCall } from "../model/tool.ts";
import { wordText } from "../model/word.ts";
import { optionValue } from "./arguments.ts";
import { firstGiven } from "./connection.ts";
import { readFolders } from "./migration-folder.ts";
import { tableTool } from "./subcommands.ts";

/** golang-migrate: no environment variables, -path or -source is required. */
export const golangMigrate = tableTool({
  id: "golang-migrate",
  title: "golang-migrate",
  images: [{ repository: "docker.io/migrate/migrate", entrypoint: ["migrate"] }],
  binaries: ["migrate"],
  shape: ["-path", "-source", "-database", "--path", "--source", "--database"],
  signatures: [
    ["-path", "-database"],
    ["-source", "-database"],
    ["--path", "--database"],
  ],
  destructive: ["down", "drop"],
  history: ["force"],
  unclear: ["goto"],
  forward: ["up"],
  harmless: ["version", "create"],
  urlOptions: ["-database", "--database"],
  folder: (call) =>
    readFolders(call, [folderOf(call)], {
      names: /^([0-9]+)_.*\.up\.[^.]*$/,
      forward: (text) => ({ text, inTransaction: true }),
    }),
});

/** -source before -path, as the tool has it; a source that is no folder is elsewhere. */
function folderOf({ args }: ToolCall): Word {
  const path = firstGiven(optionValue(args, "-path"), optionValue(args, "--path"));
  const source = wordText(firstGiven(optionValue(args, "-source"), optionValue(args, "--source")));
  if (source.text === "") return path;
  return source.text.startsWith("file://") ? source.back(source.text.slice("file://".length)) : [];
}
