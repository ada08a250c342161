import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { expect, test } from "vitest";
import { run } from "../build/run.ts";
import { createSandbox, folderOf } from "./sandbox.ts";
import { until } from "./until.ts";

const starter = `
  import { createSandbox } from "${join(import.meta.dirname, "sandbox.ts")}";
  const sandbox = await createSandbox("interrupted", false);
  sandbox.start("sleeper", "sleep", ["86399"]);
  process.stdout.write(sandbox.address + "\\n");
  setInterval(() => undefined, 1000);
`;

test("what was started is gone when the process that started it is killed", async () => {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", starter]);
  const [address] = await once(createInterface(child.stdout), "line");
  await until("the sandbox works", async () => (sleepers() > 0 ? true : undefined));
  expect(await run("ip", ["-brief", "address"])).toContain(String(address).replace(/2$/, "1"));

  child.kill("SIGKILL");

  await until("nothing runs", async () => (sleepers() === 0 ? true : undefined));
  await until("its network is gone", async () =>
    (await run("ip", ["-brief", "address"])).includes(String(address).replace(/2$/, "1/")) ? undefined : true,
  );
  expect(readFileSync("/proc/mounts", "utf8")).not.toContain(folderOf("interrupted"));
});

test("a sandbox that ends leaves no file", async () => {
  const sandbox = await createSandbox("ended", true);
  sandbox.start("sleeper", "sleep", ["86399"]);
  await sandbox.stop();
  expect(existsSync(sandbox.folder)).toBe(false);
  expect(sleepers()).toBe(0);
});

/** Processes that sleep as long as the ones above. */
function sleepers(): number {
  const commands = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(commandOf);
  return commands.filter((command) => command.startsWith("sleep\0" + "86399")).length;
}

function commandOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}
