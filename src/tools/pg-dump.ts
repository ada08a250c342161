import type { Tool } from "../model/tool.ts";

/** pg_dump and pg_dumpall only read. What a pipe feeds with their output is that command's own step. */
export const pgDump: Tool = {
  id: "pg-dump",
  title: "pg_dump",
  dialect: "postgresql",
  images: [],
  binaries: ["pg_dump", "pg_dumpall"],
  signatures: [],
  read: () => ({ kind: "harmless" }),
};
