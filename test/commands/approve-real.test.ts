import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { approve } from "../../src/commands/approve.ts";
import { check } from "../../src/commands/check.ts";
import type { Command } from "../../src/commands/command.ts";
import { digest } from "../../src/commands/digest.ts";
import { runCli } from "./run-cli.ts";

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

/** The words of the `migration-gate approve` command in a text, without its name. */
function exampleIn(text: string): readonly string[] {
  const [, command = ""] = /^ *migration-gate (approve sha256:(?:.*\\\n)*.*)$/m.exec(text) ?? [];
  return command.split(/[\s\\]+/);
}

it.each([
  ["the README", async () => exampleIn((await readFile("README.md", "utf8")).split("## Approve a migration")[1] ?? "")],
  ["the help", async () => exampleIn(approve.help)],
])("the example of %s works as it is printed, from the repository's root", async (_, read) => {
  const args = await read();
  await inCopy(async () => {
    const asked = await runCli(["check", "examples/drop-column", "--cluster", "examples/cluster"]);
    expect(asked.out).toContain(`migration-gate approve ${args[1]} --as <you>`);
    const { code, out, err } = await runCli(args);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(out).toMatch(/^examples\/drop-column\/job\.yaml:1: Job production\/mig: alice approves until /);
    const approved = await runCli(["check", "examples/drop-column", "--cluster", "examples/cluster"]);
    expect(approved.out).not.toContain("missing approval");
  });
});

it.each([
  [
    "nobody the policy knows",
    ["--as", "nobody"],
    "nobody is not an approver in policy production, which has alice, bob, carol",
  ],
  [
    "someone of another group",
    ["--as", "carol"],
    "policy production asks for approvers in dba for 1 statement of ConfigMap production/mig-sql up.sql, and carol is not one",
  ],
])("an approval by %s is not written, and is printed all the same without --in", async (_, as, reason) => {
  const [name = "", value = ""] = exampleIn(approve.help);
  await inCopy(async () => {
    const before = await readFile("examples/drop-column/job.yaml", "utf8");
    const cluster = ["--in", "examples/drop-column", "--cluster", "examples/cluster"];
    const { code, out, err } = await runCli([name, value, ...as, ...cluster]);
    expect([code, out]).toEqual([2, ""]);
    expect(err).toContain(`examples/drop-column/job.yaml:1: not written, it would count for nothing: ${reason}\n`);
    expect(await readFile("examples/drop-column/job.yaml", "utf8")).toBe(before);
    expect((await runCli([name, value, ...as])).code).toBe(0);
  });
});

async function inCopy(act: () => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "approve-"));
  const back = process.cwd();
  try {
    for (const each of ["examples", "policies"]) await cp(each, join(folder, each), { recursive: true });
    process.chdir(folder);
    await act();
  } finally {
    process.chdir(back);
    await rm(folder, { recursive: true });
  }
}
