import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadPolicies, type PolicyWatch, watchPolicies } from "../../src/adapters/policy-files.ts";
import { readPolicy } from "../../src/policy.ts";

const everyMs = 5;
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "policies-"));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const textOf = (name: string) => readFile(join("policies", `${name}.yaml`), "utf8");
/** In one step, for a poll between truncating and writing would see an empty file. */
const write = async (name: string, text: string) => {
  await writeFile(join(folder, `${name}.tmp`), text);
  await rename(join(folder, `${name}.tmp`), join(folder, name));
};
const problemOf = (loading: Promise<unknown>) =>
  loading.then(
    () => "loaded",
    (error: unknown) => (error instanceof Error ? error.message.replaceAll(folder, "policies") : String(error)),
  );

describe("loading a folder", () => {
  it("reads the shipped policies, and neither the schema nor the README", async () => {
    const { policies } = await loadPolicies("policies", readPolicy);
    expect(policies.map(({ name, file }) => [name, file])).toEqual([
      ["develop", "policies/develop.yaml"],
      ["production", "policies/production.yaml"],
      ["staging", "policies/staging.yaml"],
    ]);
  });

  it("says every problem of every file", async () => {
    await write("a.yaml", (await textOf("develop")).replace("data-loss", "data-los"));
    await write("b.yaml", "kind: [");
    await write("c.yaml", (await textOf("staging")).replace("trust: repository", "trust: object"));
    expect((await problemOf(loadPolicies(folder, readPolicy))).split("\n").map((line) => line.slice(0, 60))).toEqual([
      "policies/a.yaml:15: spec.hazards.data-loss is missing; it mu",
      "policies/a.yaml:16: spec.hazards.data-los is not a hazard; o",
      "policies/b.yaml:1: not valid YAML: Flow sequence in block co",
      "policies/c.yaml:11: spec.trust: object is not built yet; one",
    ]);
  });

  it("refuses two policies of one name", async () => {
    await write("a.yaml", await textOf("develop"));
    await write("b.yaml", await textOf("develop"));
    expect(await problemOf(loadPolicies(folder, readPolicy))).toBe(
      "policies/b.yaml: metadata.name is develop, as in policies/a.yaml",
    );
  });

  it("refuses an empty folder, and one that is not there", async () => {
    await write("policy.json", "{}");
    expect(await problemOf(loadPolicies(folder, readPolicy))).toBe("policies: there is no policy file (*.yaml) in it");
    expect(await problemOf(loadPolicies(join(folder, "none"), readPolicy))).toMatch(
      /^policies\/none: cannot be read: ENOENT/,
    );
  });
});

/** Watches the folder, and waits for what is told about it. */
async function watching() {
  const told: string[] = [];
  let wake = () => {};
  const tell = (text: string) => {
    told.push(text.replaceAll(folder, "policies"));
    wake();
  };
  const watch: PolicyWatch = {
    directory: folder,
    read: readPolicy,
    everyMs,
    loaded: await loadPolicies(folder, readPolicy),
    onChange: (policies) => tell(`now ${policies.map(({ name, rerun }) => `${name} ${rerun}`).join(", ")}`),
    onError: (error) => tell(error.message),
  };
  const { close } = watchPolicies(watch);
  return {
    told,
    close,
    async next(): Promise<string> {
      const before = told.length;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      return told[before] ?? "";
    },
  };
}

describe("watching a folder", () => {
  const quiet = () => new Promise((resolve) => setTimeout(resolve, 20 * everyMs));

  it("tells a change, and only a change", async () => {
    await write("develop.yaml", await textOf("develop"));
    const watch = await watching();
    await quiet();
    expect(watch.told).toEqual([]);
    const next = watch.next();
    await write("develop.yaml", (await textOf("develop")).replace("rerun: warn", "rerun: deny"));
    expect(await next).toBe("now develop deny");
    await quiet();
    expect(watch.told).toHaveLength(1);
    await watch.close();
  });

  it("keeps what is in force when a file goes bad, says so once, and takes the mended one", async () => {
    await write("develop.yaml", await textOf("develop"));
    const watch = await watching();
    const bad = watch.next();
    await write("develop.yaml", (await textOf("develop")).replace("rerun: warn", "rerun: maybe"));
    expect(await bad).toBe(
      'the policies in policies are not used, those in force stay:\npolicies/develop.yaml:26: spec.rerun is "maybe"; one of allow, warn, deny',
    );
    await quiet();
    expect(watch.told).toHaveLength(1);
    const mended = watch.next();
    await write("develop.yaml", (await textOf("develop")).replace("rerun: warn", "rerun: allow"));
    expect(await mended).toBe("now develop allow");
    await watch.close();
  });

  it("keeps what is in force when the folder goes empty or away", async () => {
    await write("develop.yaml", await textOf("develop"));
    const watch = await watching();
    const empty = watch.next();
    await rm(join(folder, "develop.yaml"));
    expect(await empty).toContain("policies: there is no policy file (*.yaml) in it");
    const away = watch.next();
    await rename(folder, `${folder}-away`);
    expect(await away).toContain("policies: cannot be read: ENOENT");
    await rename(`${folder}-away`, folder);
    await watch.close();
  });

  it("sees a ConfigMap volume change, as kubelet swaps it: files behind a symlink that is renamed over", async () => {
    const mount = async (version: string, text: string) => {
      await mkdir(join(folder, `..${version}`));
      await write(`..${version}/develop.yaml`, text);
      await symlink(`..${version}`, join(folder, "..data_tmp"));
      await rename(join(folder, "..data_tmp"), join(folder, "..data"));
    };
    await mount("2026_11_24_1", await textOf("develop"));
    await symlink("..data/develop.yaml", join(folder, "develop.yaml"));
    const watch = await watching();
    const next = watch.next();
    await mount("2026_11_24_2", (await textOf("develop")).replace("rerun: warn", "rerun: deny"));
    expect(await next).toBe("now develop deny");
    await watch.close();
  });

  it("tells nothing after it is closed", async () => {
    await cp("policies", folder, { recursive: true });
    const watch = await watching();
    await watch.close();
    await write("develop.yaml", "kind: [");
    await quiet();
    expect(watch.told).toEqual([]);
  });
});
