import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject, onTestFinished, test } from "vitest";
import { createClient } from "../client.ts";

/**
 * The drill as its page has it: every `sh` block in one shell, in order; after each, what the `text` block below it says must
 * have been printed, line by line, where … stands for anything.
 */
const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/drill.md"), "utf8");
const { kubectl, kubeconfig } = inject("surroundings");

interface Block {
  readonly commands: string;
  readonly printed: readonly string[];
}

const blocks: readonly Block[] = [...page.matchAll(/```sh\n(.*?)```(?:\n\n```text\n(.*?)```)?/gs)].map(
  ([, commands = "", printed = ""]) => ({
    commands,
    printed: printed.split("\n").filter((line) => line.trim() !== ""),
  }),
);

test("every command of the drill does what the page says", async () => {
  expect(blocks.length).toBeGreaterThan(8);
  const script = blocks.map(({ commands }, index) => `${commands}\necho "${mark(index)}"`).join("\n");
  const shell = spawn("bash", ["-e", "-o", "pipefail", "-c", `exec 2>&1\n${script}`], {
    cwd: root,
    // a cluster that was given is not started again: the first command finds the one that runs
    detached: true, // a group of its own, so that what it left in the background goes too
    env: { ...process.env, KUBECONFIG: kubeconfig, PATH: `${join(kubectl, "..")}:${process.env["PATH"]}` },
  });
  onTestFinished(() => endGroup(shell.pid));
  let said = "";
  shell.stdout.on("data", (data) => {
    said += data;
  });
  const [code] = await once(shell, "exit");
  blocks.forEach(({ commands, printed }, index) => {
    const end = said.indexOf(mark(index));
    if (end < 0) throw new Error(`the drill stopped (${code}) in\n${commands}\nafter\n${said.slice(-3000)}`);
    const part = said.slice(index === 0 ? 0 : said.indexOf(mark(index - 1)), end);
    for (const line of printed) expect(part).toMatch(asPattern(line));
  });
  expect(code).toBe(0);
  expect(await createClient(kubectl, kubeconfig).read("v1", "Namespace", "", "drill")).toBeUndefined();
});

function endGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid);
  } catch {
    return; // nothing is left of it
  }
}

function mark(index: number): string {
  return `== end of block ${index} ==`;
}

function asPattern(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&").replace(/ {2,}/g, " +"));
  return new RegExp(parts.join(".*"));
}
