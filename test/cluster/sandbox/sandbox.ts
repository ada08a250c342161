import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { closeSync, existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { cacheFolder } from "../build/cache.ts";
import { run } from "../build/run.ts";

/**
 * A machine within the machine: processes, mounts and network of their own, by Linux namespaces. When its first process
 * dies, the kernel ends every other one and drops every mount and network device: nothing has to be tidied up in order,
 * and an interrupted run leaves nothing behind.
 */
export interface Sandbox {
  readonly name: string;
  /** Everything it writes. */
  readonly folder: string;
  /** Where the host reaches what listens in there. */
  readonly address: string;
  /** The first process, as the host counts. */
  readonly pid: number;
  /** Starts a program that runs until the sandbox ends; what it prints goes to `logs/<name>.log`. */
  start(name: string, program: string, args: readonly string[], env?: NodeJS.ProcessEnv): ChildProcess;
  /** Runs a program to its end. */
  run(program: string, args: readonly string[]): Promise<string>;
  /** Ends everything in it. */
  stop(): Promise<void>;
}

/** Folders that programs write to by habit: the sandbox has its own, empty at the start. What may grow is on the disk. */
const inMemory = ["/run", "/var/lib/cni", "/var/log/containers"];
const onDisk = ["/var/lib/kubelet"];

export function folderOf(name: string): string {
  return join(cacheFolder, "clusters", name);
}

/**
 * Makes an empty sandbox. `outlives` says whether it stays when this process ends, however it ends; one of the same name
 * must have been stopped before.
 */
export async function createSandbox(name: string, outlives: boolean): Promise<Sandbox> {
  const folder = folderOf(name);
  await clear(folder); // of one that was killed
  mkdirSync(join(folder, "logs"), { recursive: true });
  // unshare gives up its child with --kill-child, and itself by setpriv when the process that started it is gone
  const leash = outlives ? [] : ["setpriv", "--pdeathsig", "KILL", "--"];
  const namespaces = ["--mount", "--pid", "--net", "--ipc", "--uts", "--fork", "--kill-child", "--mount-proc"];
  const [program = "", ...args] = [...leash, "unshare", ...namespaces, "tini", "--", "sleep", "infinity"];
  const outer = spawn(program, args, { stdio: "ignore", detached: true });
  outer.unref();
  await once(outer, "spawn");
  const pid = await firstProcessOf(outer);
  try {
    return await furnish(name, pid);
  } catch (error) {
    await end(folder, pid);
    throw error;
  }
}

async function furnish(name: string, pid: number): Promise<Sandbox> {
  const sandbox = attach(name, pid, await connect(pid));
  await sandbox.run("mount", ["--make-rshared", "/"]);
  for (const path of inMemory) await mount(sandbox, ["-t", "tmpfs", "tmpfs"], path);
  for (const path of onDisk) {
    const own = join(sandbox.folder, path);
    mkdirSync(own, { recursive: true });
    await mount(sandbox, ["--bind", own], path);
  }
  return sandbox;
}

async function mount(sandbox: Sandbox, what: readonly string[], path: string): Promise<void> {
  mkdirSync(path, { recursive: true });
  await sandbox.run("mount", [...what, path]);
}

/** A sandbox that runs already. */
export function attach(name: string, pid: number, address: string): Sandbox {
  const folder = folderOf(name);
  const entering = ["--target", String(pid), "--mount", "--pid", "--net", "--ipc", "--uts", "--"];
  return {
    name,
    folder,
    address,
    pid,
    start(part, program, args, env = {}) {
      const log = openSync(join(folder, "logs", `${part}.log`), "a");
      const child = spawn("nsenter", [...entering, program, ...args], {
        ...{ stdio: ["ignore", log, log], detached: true, cwd: folder },
        env: { ...process.env, ...env },
      });
      closeSync(log);
      child.unref();
      return child;
    },
    run: (program, args) => run("nsenter", [...entering, program, ...args]),
    stop: () => end(folder, pid),
  };
}

async function end(folder: string, pid: number): Promise<void> {
  if (isRunning(pid)) process.kill(pid, "SIGKILL");
  while (isRunning(pid)) await sleep(50);
  await clear(folder);
}

/** Removes what a sandbox that has ended left on the disk. */
async function clear(folder: string): Promise<void> {
  removeControlGroups(folder);
  for (let attempt = 0; attempt < 20; attempt += 1) {
    try {
      rmSync(folder, { recursive: true, force: true });
      return;
    } catch {
      await sleep(250); // the kernel is still letting go of the last mounts
    }
  }
  rmSync(folder, { recursive: true, force: true });
}

/** Whether that process is still the first one of a sandbox; numbers are used again. */
export function isRunning(pid: number): boolean {
  return readCommand(pid) === "tini" && !/^State:\s+[ZX]/m.test(readProcess(pid, "status"));
}

async function firstProcessOf(outer: ChildProcess): Promise<number> {
  for (let waited = 0; waited < 200 && outer.exitCode === null; waited += 1) {
    const child = outer.pid === undefined ? "" : readProcess(outer.pid, `task/${outer.pid}/children`).trim();
    if (child !== "" && readCommand(Number(child)) === "tini") return Number(child);
    await sleep(25);
  }
  throw new Error("no namespaces could be made here: this needs root, and unshare, setpriv (util-linux) and tini");
}

function readCommand(pid: number): string {
  return readProcess(pid, "comm").trim();
}

/** "" of a process that is gone. */
function readProcess(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "utf8");
  } catch {
    return "";
  }
}

/** A cable between host and sandbox, on the first pair of addresses that is free. It goes when the sandbox goes. */
async function connect(pid: number): Promise<string> {
  const slot = await plugIn(pid);
  const inside = (...args: readonly string[]) => run("nsenter", ["--target", String(pid), "--net", "ip", ...args]);
  await run("ip", ["address", "add", `10.213.${slot}.1/30`, "dev", `gate${slot}`]);
  await run("ip", ["link", "set", `gate${slot}`, "up"]);
  await inside("address", "add", `10.213.${slot}.2/30`, "dev", "eth0");
  await inside("link", "set", "eth0", "up");
  await inside("link", "set", "lo", "up");
  await inside("route", "add", "default", "via", `10.213.${slot}.1`);
  return `10.213.${slot}.2`;
}

/** Others may be doing the same: whose name the kernel takes has the slot. */
async function plugIn(pid: number): Promise<number> {
  let refusal: unknown;
  for (let slot = 0; slot < 50; slot += 1) {
    try {
      await run("ip", ["link", "add", `gate${slot}`, "type", "veth", "peer", "name", "eth0", "netns", String(pid)]);
      return slot;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}

/** Control groups are the one thing that namespaces do not take along: those of its containers, empty by now. */
function removeControlGroups(folder: string): void {
  const tasks = join(folder, "containerd/state/io.containerd.runtime.v2.task/k8s.io");
  const containers = existsSync(tasks) ? readdirSync(tasks) : [];
  for (const root of ["/sys/fs/cgroup", ...controllers()]) {
    for (const id of containers) removeIfThere(join(root, id), join(root, "k8s.io", id));
  }
}

function controllers(): readonly string[] {
  return readdirSync("/sys/fs/cgroup").map((name) => join("/sys/fs/cgroup", name));
}

function removeIfThere(...paths: readonly string[]): void {
  for (const path of paths) if (existsSync(path)) rmdirSync(path);
}
