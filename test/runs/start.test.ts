import { describe, expect, it } from "vitest";
import { extract, extractExec } from "../../src/gate/extract.ts";
import { contextOf } from "../corpus/corpus.ts";
import { carrier, configMap, one, runOf } from "./manifests.ts";

type Json = Readonly<Record<string, unknown>>;

async function seen(podSpec: Json): Promise<readonly string[]> {
  const { steps } = await runOf("job", podSpec, [configMap]);
  return steps.map((step) =>
    [step.tool ?? "program", step.subcommand ?? "", ...step.sql.map(({ text }) => text)].join("|"),
  );
}

describe("what a container starts", () => {
  it.each<[string, Json, readonly string[]]>([
    [
      "arguments of an image that is psql",
      { image: "alpine/psql", args: ["-c", "DROP TABLE t"] },
      ["psql||DROP TABLE t"],
    ],
    ["arguments of an image that runs them", { args: ["psql", "-c", "DROP TABLE t"] }, ["psql||DROP TABLE t"]],
    [
      "arguments of flyway's image",
      { image: "flyway/flyway:11", args: ["clean", "migrate"] },
      ["flyway|clean migrate"],
    ],
    [
      "arguments of migrate's image",
      { image: "migrate/migrate", args: ["-path=/m", "-database=postgres://h/d", "up"] },
      ["golang-migrate|up"],
    ],
    [
      "unmistakable arguments of an unknown image",
      { image: "me/lb", args: ["--changelog-file=x.yaml", "update"] },
      ["liquibase|update"],
    ],
    [
      "arguments of an unknown image with a database",
      { image: "me/app", args: ["run"], env: [{ name: "PGHOST", value: "h" }] },
      ["program|"],
    ],
    ["a server's own arguments", { args: ["-c", "fsync=off"], env: [{ name: "PGHOST", value: "h" }] }, []],
    [
      "a mounted script, by a shell",
      { command: ["sh", "/s/up.sh"], volumeMounts: [{ name: "s", mountPath: "/s" }] },
      ["psql||DROP TABLE t"],
    ],
    [
      "a mounted script, by its path",
      { command: ["/s/up.sh"], volumeMounts: [{ name: "s", mountPath: "/s" }] },
      ["psql||DROP TABLE t"],
    ],
    [
      "an own program called psql-wrapper",
      { command: ["psql-wrapper"], env: [{ name: "PGHOST", value: "h" }] },
      ["program|"],
    ],
  ])("%s", async (_, container, expected) => {
    const scripts = {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "s", namespace: "shop" },
      data: { "up.sh": "#!/bin/sh\npsql -c 'DROP TABLE t'\n" },
    };
    const podSpec = one(container, { volumes: [{ name: "s", configMap: { name: "s" } }] });
    const { steps } = await runOf("job", podSpec, [scripts]);
    expect(
      steps.map((step) =>
        [step.tool ?? "program", step.subcommand ?? "", ...step.sql.map(({ text }) => text)].join("|"),
      ),
    ).toEqual(expected);
  });

  it("keeps the order of initContainers and containers", async () => {
    const step = (name: string) => ({ name, image: "postgres:17", command: ["psql", "-c", `SELECT '${name}'`] });
    expect(await seen({ containers: [step("c")], initContainers: [step("a"), step("b")] })).toEqual([
      "psql||SELECT 'a'",
      "psql||SELECT 'b'",
      "psql||SELECT 'c'",
    ]);
  });

  it("reads standard input as unknown where somebody may attach", async () => {
    const { steps } = await runOf("job", one({ command: ["psql", "-h", "h"], stdin: true }));
    expect(steps[0]?.opaque).toEqual([
      expect.objectContaining({ kind: "unreadable", reason: expect.stringContaining("attaches") }),
    ]);
  });

  it.each([
    ["shop/pg", "", "shop/pg"],
    ["", "shop/pg", "shop/pg"],
    ["shop/pg", "shop/pg", "shop/pg"],
    ["shop/pg", "shop/other", "shop/pg and shop/other"],
  ])("claims %j on the Job and %j on its Pod are the claim %j", async (onJob, onPod, claim) => {
    const annotations = (value: string) => (value === "" ? {} : { "migration-gate.dev/target": value });
    const job = {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "it", namespace: "shop", annotations: annotations(onJob) },
      spec: {
        template: { metadata: { annotations: annotations(onPod) }, spec: one({ command: ["psql", "-c", "SELECT 1"] }) },
      },
    };
    expect((await extract(job, "job", contextOf([]))).claimedTarget).toBe(claim);
  });
});

describe("exec", () => {
  const pod = carrier("pod", {
    containers: [
      { name: "side", image: "envoy" },
      { name: "main", image: "postgres:17" },
    ],
  });

  it("reads the command in the container it names", async () => {
    const run = await extractExec(pod, "main", ["psql", "-c", "DROP TABLE t"], contextOf([]));
    expect(run.steps.map((step) => [step.container, step.sql[0]?.text, step.origin])).toEqual([
      ["main", "DROP TABLE t", { object: "exec in Pod shop/it", key: "command", line: 1 }],
    ]);
  });

  it("of something else is no run", async () => {
    expect((await extractExec(pod, "", ["ls", "/"], contextOf([]))).reaches).toBe(false);
  });
});
