import { spawn } from "node:child_process";

/** Git said no: its own words, and what was asked. */
class GitError extends Error {
  readonly code = "MG-GIT";
}

/** Text of every YAML or JSON file under the paths as it was at a revision, by path from the current folder. Throws GitError. */
export async function filesAt(revision: string, paths: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const commit = (await git(["rev-parse", "--verify", "--quiet", "--end-of-options", `${revision}^{commit}`])).trim();
  const listing = await git(["ls-tree", "-r", "-z", "--name-only", commit, "--", ...paths]);
  const files = listing.split("\0").filter((file) => /\.(ya?ml|json)$/.test(file));
  const texts = new Map<string, string>();
  for (const file of files) texts.set(file, await git(["show", `${commit}:./${file}`]));
  return texts;
}

function git(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", args, { stdio: ["ignore", "pipe", "pipe"] });
    const [out, err]: [Buffer[], Buffer[]] = [[], []];
    child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => err.push(chunk));
    child.on("error", (cause) =>
      reject(new GitError("git cannot be run: install it, or leave --since out", { cause })),
    );
    child.on("close", (code) => {
      const said = Buffer.concat(err).toString("utf8").trim();
      if (code === 0) resolve(Buffer.concat(out).toString("utf8"));
      else reject(new GitError(`git ${args[0]} failed: ${said === "" ? "no such revision" : said}`));
    });
  });
}
