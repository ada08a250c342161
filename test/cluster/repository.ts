import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Manifest } from "../deploy/objects.ts";
import { run } from "./build/run.ts";
import { asDocuments } from "./client.ts";
import { gitUrl } from "./install/git.ts";
import type { ServiceProxy } from "./proxy.ts";

/** Files of a commit by path: objects, a text, or null to delete it. */
export type Files = Readonly<Record<string, readonly Manifest[] | string | null>>;

/** A Git repository that Flux reads, with a clone of its own to commit from. */
export interface Repository {
  /** Where Flux reads it, inside the cluster. */
  readonly url: string;
  readonly folder: string;
  /** Commits and pushes; gives the revision as Flux writes it. */
  commit(message: string, files: Files): Promise<string>;
  close(): void;
}

/** An empty repository on the cluster's Git server, reached from here through `proxy`. */
export async function createRepository(proxy: Pick<ServiceProxy, "urlOf">, name: string): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), "migration-gate-repository-"));
  await run("git", ["init", "--quiet", "--initial-branch=main", folder]);
  await run("git", ["remote", "add", "origin", serverUrl(proxy, name)], { cwd: folder });
  return repositoryIn(folder, name);
}

/** A repository that is there already. */
export async function cloneRepository(proxy: Pick<ServiceProxy, "urlOf">, name: string): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), "migration-gate-repository-"));
  await run("git", ["clone", "--quiet", serverUrl(proxy, name), folder]);
  return repositoryIn(folder, name);
}

function serverUrl(proxy: Pick<ServiceProxy, "urlOf">, name: string): string {
  return `${proxy.urlOf("migration-gate-test", "git", 80)}/${name}.git`;
}

async function repositoryIn(folder: string, name: string): Promise<Repository> {
  const git = (...args: readonly string[]) => run("git", args, { cwd: folder });
  await git("config", "user.name", "Dana");
  await git("config", "user.email", "dana@acme.example");
  return {
    url: gitUrl(name),
    folder,
    async commit(message, files) {
      for (const [path, content] of Object.entries(files)) write(join(folder, path), content);
      await git("add", "--all");
      await git("commit", "--quiet", "--message", message);
      // what an earlier run of the same scenario pushed is not wanted any more
      await git("push", "--quiet", "--force", "--set-upstream", "origin", "main");
      return `main@sha1:${(await git("rev-parse", "HEAD")).trim()}`;
    },
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

function write(path: string, content: readonly Manifest[] | string | null): void {
  if (content === null) {
    rmSync(path, { recursive: true });
    return;
  }
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, typeof content === "string" ? content : asDocuments(content));
}
