import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { approve } from "../../src/commands/approve.ts";
import { check } from "../../src/commands/check.ts";
import type { Command } from "../../src/commands/command.ts";
import { digest } from "../../src/commands/digest.ts";

async function run(command: Command, ...args: readonly string[]) {
  let out = "";
  const code = await command.run(args, {
    out: (text) => {
      out += text;
    },
    err: () => {},
    readStdin: () => Promise.reject(new Error("nothing is read from standard input")),
    isTerminal: false,
    showsProgress: false,
  });
  return { code, out };
}

it("what digest prints, approve writes, and then check misses no approval", async () => {
  const folder = await mkdtemp(join(tmpdir(), "approve-"));
  try {
    await cp("examples", folder, { recursive: true });
    const paths = [join(folder, "drop-column"), join(folder, "cluster")];
    const missing = async (): Promise<readonly string[]> => {
      const { out } = await run(check, ...paths, "--policies", "policies", "-o", "json");
      const { decisions }: { decisions: readonly { missing: readonly { evidence: string }[] }[] } = JSON.parse(out);
      return decisions.flatMap((decision) => decision.missing.map(({ evidence }) => evidence));
    };
    expect(await missing()).toContain("approval");

    const printed = await run(digest, ...paths, "--policies", "policies", "-o", "json");
    const { digests }: { digests: readonly { digest: string }[] } = JSON.parse(printed.out);
    const wanted = digests.map((each) => each.digest).join(",");
    const into = paths.flatMap((path) => ["--in", path]);
    const approved = await run(approve, wanted, "--as", "alice", ...into, "--policies", "policies");
    expect(approved.code).toBe(0);
    expect(approved.out).toContain("Job production/mig: alice approves\n");

    expect(await missing()).not.toContain("approval");
    const [before, after] = await Promise.all(
      ["examples", folder].map((root) => readFile(join(root, "drop-column", "job.yaml"), "utf8")),
    );
    expect(after?.split("\n").filter((line) => !before?.split("\n").includes(line))).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});
