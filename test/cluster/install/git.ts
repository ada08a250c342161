import type { Manifest } from "../../deploy/objects.ts";
import { addressOf, scriptObjects } from "./neighbours.ts";

/** A Git server without accounts; a repository is made by the first push to it. */
export function gitObjects(): readonly Manifest[] {
  return scriptObjects("git", "git-server.mjs", { env: { REPOSITORIES: "/repositories" }, folder: "/repositories" });
}

/** Where Flux finds a repository. */
export function gitUrl(repository: string): string {
  return `http://${addressOf("git")}/${repository}.git`;
}
