import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parseObjects } from "../../src/adapters/files.ts";
import { type ApproveDeps, approve as command, runApprove } from "../../src/commands/approve.ts";
import { type Io, UsageError } from "../../src/commands/command.ts";
import type { FoundUnit, UnitSearch } from "../../src/commands/find-units.ts";
import { parseApproval, signedText } from "../../src/evidence/approval-annotation.ts";
import { verifySshSignature } from "../../src/evidence/sshsig.ts";
import { ed25519Signer } from "../evidence/ssh-signer.ts";
import { unit } from "../gate/decisions.ts";

const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;
const three = `sha256:${"3".repeat(64)}`;
const now = new Date("2026-11-24T09:00:00.123Z");
const at = "at=2026-11-24T09:00:00Z";

const manifest = `# the migration of release 42
apiVersion: batch/v1
kind: Job
metadata:
  name: migrate-0042 # one per release
  namespace: production
spec: {}
---
apiVersion: batch/v1
kind: Job
metadata:
  name: backfill
  namespace: production
  annotations:
    team: shop
spec: {}
`;

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "approve-"));
  file = join(folder, "jobs.yaml");
  await writeFile(file, manifest);
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const key = ed25519Signer();

/** The units of the manifest as they are now: the first Job has `one` and `two`, the second `two` and `three`. */
async function unitsIn(path: string): Promise<readonly FoundUnit[]> {
  const objects = parseObjects(path, await readFile(path, "utf8"));
  const digests = [
    [one, two],
    [two, three],
  ];
  return objects.flatMap((place, index) =>
    (digests[index] ?? []).map((digest) => {
      const covers = `SQL ${digest.slice(7, 8)}`;
      return { ...unit({ digest, covers }), place, policy: null };
    }),
  );
}

let asked: UnitSearch | null = null;

async function approve(...args: readonly string[]) {
  const said = { out: "", err: "" };
  const io: Io = {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    readStdin: () => Promise.reject(new Error("approve reads no standard input")),
    isTerminal: false,
    showsProgress: false,
  };
  const deps: ApproveDeps = {
    async find(search) {
      expect(search.paths).toEqual([folder]);
      asked = search;
      return (await unitsIn(file)).filter(({ digest }) => search.digests.includes(digest));
    },
    read: (path) => readFile(path, "utf8"),
    write: (path, text) => writeFile(path, text),
    async sign(keyFile, namespace, text) {
      expect([keyFile, namespace]).toEqual(["id_ed25519.pub", "migration-gate.dev"]);
      return key.signature(text);
    },
    now: () => now,
  };
  const code = await runApprove(args, io, deps);
  const clean = (text: string) => text.replaceAll(folder, "deploy");
  return { code, out: clean(said.out), err: clean(said.err), file: await readFile(file, "utf8") };
}

describe("without a place to write to, the annotation is printed", () => {
  it.each<[string, readonly string[], string]>([
    ["as it is", [one, "--as", "alice"], `"${one}; ${at}"`],
    ["several digests, each once", [`${one},${two}`, two, "--as", "alice"], `"${one},${two}; ${at}"`],
    ["with a duration", [one, "--as", "alice", "--until", "7d"], `"${one}; ${at}; until=2026-12-01T09:00:00Z"`],
    [
      "with a time",
      [one, "--as", "alice", "--until", "2026-12-24T18:00:00+01:00"],
      `"${one}; ${at}; until=2026-12-24T18:00:00+01:00"`,
    ],
    ["with a ticket", [one, "--as", "alice", "--ref", " OPS-42 "], `"${one}; ${at}; ref=OPS-42"`],
  ])("%s", async (_, args, value) => {
    const { code, out, err } = await approve(...args);
    expect([code, out]).toEqual([0, `approval.migration-gate.dev/alice: ${value}\n`]);
    expect(err).toBe("paste this under metadata.annotations of the object, commit it, and have it merged:\n");
  });

  it("signed by a key of the agent, and the signature holds", async () => {
    const { out } = await approve(one, "--as", "alice", "--until", "7d", "--sign-with-agent", "id_ed25519.pub");
    const parsed = parseApproval(JSON.parse(out.slice(out.indexOf('"'))));
    if (parsed.kind === "malformed") throw new Error(parsed.reason);
    const { approval } = parsed;
    const claim = {
      signature: approval.sig ?? "",
      text: signedText("alice", approval),
      namespace: "migration-gate.dev",
    };
    expect(verifySshSignature({ ...claim, keys: [key.publicKey] })).toEqual({ verified: true });
    expect(approval.until).toBe("2026-12-01T09:00:00Z");
  });
});

describe("into the manifests", () => {
  it("the object that has the digest gets the annotation, nothing else changes", async () => {
    const result = await approve(one, "--as", "alice", "--in", folder);
    expect(result.file).toBe(
      manifest.replace(
        "one per release\n",
        `one per release\n  annotations:\n    approval.migration-gate.dev/alice: "${one}; ${at}"\n`,
      ),
    );
    expect([result.code, result.out]).toEqual([
      0,
      `deploy/jobs.yaml:2: Job production/migrate-0042: alice approves\n  ${one}  SQL 1\n`,
    ]);
  });

  it("a digest that two objects have is approved on both, each for its own digests", async () => {
    const result = await approve(`${two},${three}`, "--as", "alice", "--until", "12h", "--in", folder);
    const annotation = (digests: string) =>
      `approval.migration-gate.dev/alice: "${digests}; ${at}; until=2026-11-24T21:00:00Z"`;
    expect(result.file).toBe(
      manifest
        .replace("one per release\n", `one per release\n  annotations:\n    ${annotation(two)}\n`)
        .replace("team: shop\n", `team: shop\n    ${annotation(`${two},${three}`)}\n`),
    );
    expect(result.out).toBe(
      `deploy/jobs.yaml:2: Job production/migrate-0042: alice approves until 2026-11-24T21:00:00Z\n  ${two}  SQL 2\n` +
        `deploy/jobs.yaml:9: Job production/backfill: alice approves until 2026-11-24T21:00:00Z\n  ${two}  SQL 2\n  ${three}  SQL 3\n`,
    );
  });

  it("a second approval joins the first, and another approver has a line of his own", async () => {
    await approve(one, "--as", "alice", "--in", folder);
    await approve(one, "--as", "bob", "--in", folder);
    const result = await approve(two, "--as", "alice", "--ref", "OPS-2", "--in", folder);
    const objects = parseObjects(file, result.file);
    expect(objects[0]?.object.metadata.annotations).toEqual({
      "approval.migration-gate.dev/alice": `${one},${two}; ${at}; ref=OPS-2`,
      "approval.migration-gate.dev/bob": `${one}; ${at}`,
    });
    expect(result.out).toContain(`alice approves\n  ${two}  SQL 2\n  and 1 approved before\n`);
  });

  it("the same approval twice changes nothing", async () => {
    const first = await approve(one, "--as", "alice", "--in", folder);
    const second = await approve(one, "--as", "alice", "--in", folder);
    expect(second.file).toBe(first.file);
  });

  it("a signed approval is signed again when a digest joins it", async () => {
    await approve(one, "--as", "alice", "--sign-with", "id_ed25519.pub", "--in", folder);
    const { file: text } = await approve(two, "--as", "alice", "--sign-with", "id_ed25519.pub", "--in", folder);
    const parsed = parseApproval(
      parseObjects(file, text)[0]?.object.metadata.annotations?.["approval.migration-gate.dev/alice"] ?? "",
    );
    if (parsed.kind === "malformed") throw new Error(parsed.reason);
    const { approval } = parsed;
    expect(approval.digests).toEqual([one, two]);
    const claim = {
      signature: approval.sig ?? "",
      text: signedText("alice", approval),
      namespace: "migration-gate.dev",
    };
    expect(verifySshSignature({ ...claim, keys: [key.publicKey] })).toEqual({ verified: true });
  });

  it("a digest that is not there writes nothing and is no success", async () => {
    const gone = `sha256:${"f".repeat(64)}`;
    const result = await approve(`${one},${gone}`, "--as", "alice", "--in", folder);
    expect([result.code, result.out, result.file]).toEqual([2, "", manifest]);
    expect(result.err).toBe(
      `migration-gate approve: nothing in deploy has digest ${gone}: its database is not in sight, it changed since, or it stands elsewhere: ` +
        "give --cluster (the folder with the database's manifests), or leave --in out and paste the annotation. migration-gate digest deploy lists what is there\n",
    );
  });

  it("a digest that is not there although the database is in sight has changed", async () => {
    const gone = `sha256:${"f".repeat(64)}`;
    const causes = (rest: string) =>
      `migration-gate approve: nothing in deploy has digest ${gone}: it changed since, or it stands elsewhere: leave --in out and paste the annotation${rest}\n`;
    const by = (...more: readonly string[]) => approve(gone, "--as", "alice", "--in", folder, ...more);
    expect((await by("--cluster", "db")).err).toBe(
      causes(". migration-gate digest deploy --cluster db lists what is there"),
    );
    expect((await by("--context", "prod")).err).toBe(causes(""));
  });

  it.each<[string, readonly string[], Partial<UnitSearch>]>([
    ["without a database", [], { cluster: null, context: null, policies: undefined }],
    ["with a folder as the cluster", ["--cluster", "db"], { cluster: "db", context: null }],
    ["with a real cluster", ["--context", "prod"], { cluster: null, context: "prod" }],
    ["with policies", ["--policies", "rules"], { policies: "rules" }],
  ])("units are looked for %s", async (_, more, search) => {
    await approve(one, "--as", "alice", "--in", folder, ...more);
    expect(asked).toMatchObject({ digests: [one], ...search });
  });
});

const twice = (text: string) =>
  text.replace("team: shop\n", (line) => `${line}    approval.migration-gate.dev/alice: yes please\n`);

describe("misuse says what is allowed, and writes nothing", () => {
  it.each<[string, readonly string[], string]>([
    ["no digest", ["--as", "alice"], "give the digests to approve, as a denial or `digest` prints them"],
    [
      "a digest cut short",
      ["sha256:9f2c", "--as", "alice"],
      "sha256:9f2c is no digest: it must be sha256: and 64 small hex digits",
    ],
    ["nobody", [one], "say who approves: --as APPROVER, an approver's id in the policy"],
    [
      "a mail address",
      [one, "--as", "a@example.com"],
      "--as a@example.com: an approver's id has at most 63 letters, digits, '.', '_' and '-'",
    ],
    [
      "a limit in words",
      [one, "--as", "alice", "--until", "tomorrow"],
      "--until tomorrow: a duration like 12h or 7d, or a time like 2026-12-24T18:00:00Z",
    ],
    [
      "a limit that is over",
      [one, "--as", "alice", "--until", "2026-11-24T09:00:00Z"],
      "--until 2026-11-24T09:00:00Z: that is over",
    ],
    [
      "a ticket that would forge a field",
      [one, "--as", "alice", "--ref", "X; until=2099-01-01T00:00:00Z"],
      "--ref: a ticket on one line, at most 200 characters and no semicolon",
    ],
    [
      "two keys",
      [one, "--as", "alice", "--sign-with", "a", "--sign-with-agent", "b.pub"],
      "--sign-with or --sign-with-agent, not both",
    ],
    [
      "two clusters",
      [one, "--as", "alice", "--cluster", "db", "--context", "prod"],
      "--cluster and --context: give one of them",
    ],
    [
      "a private key for the agent",
      [one, "--as", "alice", "--sign-with-agent", "id"],
      "--sign-with-agent id: give the .pub file of the key that the agent holds",
    ],
  ])("%s", async (_, args, message) => {
    await expect(approve(...args)).rejects.toThrow(new UsageError(message));
  });

  it("an approval there that cannot be read is not written over", async () => {
    await writeFile(file, twice(manifest));
    await expect(approve(three, "--as", "alice", "--in", folder)).rejects.toThrow(
      "jobs.yaml:9: alice's approval there cannot be read: it must begin with sha256: and 64 small hex digits, more after a comma; mend or remove it",
    );
    expect(await readFile(file, "utf8")).toBe(twice(manifest));
  });

  it("an approval there that is signed is not made unsigned", async () => {
    await approve(one, "--as", "alice", "--sign-with", "id_ed25519.pub", "--in", folder);
    const before = await readFile(file, "utf8");
    await expect(approve(two, "--as", "alice", "--in", folder)).rejects.toThrow(
      "jobs.yaml:2: alice's approval there is signed; sign this one too with --sign-with",
    );
    expect(await readFile(file, "utf8")).toBe(before);
  });

  it("annotations behind an alias are left alone", async () => {
    const text = "kind: Job\napiVersion: batch/v1\nspec: &x { a: b }\nmetadata:\n  name: m\n  annotations: *x\n";
    await writeFile(file, text);
    await expect(approve(one, "--as", "alice", "--in", folder)).rejects.toThrow(
      "jobs.yaml:1: its annotations cannot be edited; leave --in out and paste it",
    );
    expect(await readFile(file, "utf8")).toBe(text);
  });
});

it("the help names every option", () => {
  const options = ["--as", "--in", "--policies", "--cluster", "--context", "--until", "--ref", "--sign-with"];
  for (const option of [...options, "--sign-with-agent"]) expect(command.help).toContain(`  ${option} `);
});
