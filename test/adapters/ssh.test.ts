import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { sshSign } from "../../src/adapters/ssh.ts";
import recorded from "../evidence/sshsig-by-ssh-keygen.json" with { type: "json" };

/** A program in ssh-keygen's place, so that this runs where OpenSSH is not installed: it notes how it was called. */
let folder: string;
const path = process.env["PATH"];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "ssh-"));
  process.env["PATH"] = folder;
});
afterEach(async () => {
  process.env["PATH"] = path;
  await rm(folder, { recursive: true });
});

async function install(script: string): Promise<void> {
  const program = join(folder, "ssh-keygen");
  await writeFile(program, `#!${process.execPath}\n${script}`);
  await chmod(program, 0o755);
}

const blob = recorded.signatures.find(({ name }) => name === "ed25519 by agent")?.signature ?? "";
const armoured = `-----BEGIN SSH SIGNATURE-----\n${blob.replace(/(.{70})/g, "$1\n")}\n-----END SSH SIGNATURE-----\n`;

describe("signing with ssh-keygen", () => {
  it("hands it the text and the key, and takes the signature out of its armour", async () => {
    const noted = JSON.stringify(join(folder, "noted.json"));
    await install(`
      const { readFileSync, writeFileSync } = require("node:fs");
      writeFileSync(${noted}, JSON.stringify({ args: process.argv.slice(2), text: readFileSync(0, "utf8") }));
      process.stdout.write(${JSON.stringify(armoured)});`);
    expect(await sshSign("keys/id.pub", "migration-gate.dev", "text ž\n")).toBe(blob);
    expect(JSON.parse(await readFile(join(folder, "noted.json"), "utf8"))).toEqual({
      args: ["-q", "-Y", "sign", "-n", "migration-gate.dev", "-f", "keys/id.pub"],
      text: "text ž\n",
    });
  });

  it.each([
    [
      "its own words when it fails",
      'console.error("No private key found for public key"); process.exit(255)',
      "ssh-keygen could not sign: No private key found for public key",
    ],
    ["its exit code when it says nothing", "process.exit(3)", "ssh-keygen could not sign: exit code 3"],
    ["what it printed is no signature", 'console.log("hello")', "ssh-keygen printed no signature"],
  ])("%s", async (_, script, message) => {
    await install(script);
    await expect(sshSign("id", "migration-gate.dev", "text")).rejects.toMatchObject({ code: "MG-SSH", message });
  });

  it("says what to install where there is none", async () => {
    await expect(sshSign("id", "migration-gate.dev", "text")).rejects.toThrow(
      "ssh-keygen cannot be run: install OpenSSH",
    );
  });
});
