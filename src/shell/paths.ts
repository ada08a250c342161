import type { Word } from "../model/run.ts";
import { known } from "./words.ts";

/** The full path of a file as a command in `workingDir` names it; null if either is not known. */
export function fullPath(file: string, workingDir: Word): string | null {
  if (file.startsWith("/")) return normal(file);
  const directory = known(workingDir);
  return directory === null || !directory.startsWith("/") ? null : normal(`${directory}/${file}`);
}

export function directoryOf(path: string): string {
  const cut = path.lastIndexOf("/");
  return cut <= 0 ? "/" : path.slice(0, cut);
}

export function fileName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

function normal(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return `/${parts.join("/")}`;
}
