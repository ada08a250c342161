import { expect, it } from "vitest";
import { createJudge, outcome } from "./gate.ts";
import * as o from "./objects.ts";
import { flux, remove } from "./requests.ts";

const judge = createJudge();
const spec = o.inlineSpec("UPDATE users SET name = lower(name)");
const job = (metadata = {}, status = {}) => ({ ...o.job(spec, metadata), status });
const ended = (type: string) => ({ conditions: [{ type, status: "True" }] });
const state = (name: string, is: Readonly<Record<string, unknown>>) => ({ name, state: is });
const podWith = (...containerStatuses: readonly unknown[]) =>
  o.pod(spec, o.ownedBy("Job", "mig"), { phase: "Running", containerStatuses });
const running = podWith(state("m", { running: {} }));
const abort = (uid: string) => ({ annotations: { "migration-gate.dev/abort": uid } });

it.each([
  ["its SQL is running, and Flux deletes it", job(), [running], flux, "deny MG-RUNNING"],
  ["its SQL is running, and a person deletes it", job(), [running], "ann", "warn MG-RUNNING"],
  [
    "its container has ended, the Job has not",
    job(),
    [podWith(state("m", { terminated: {} }))],
    flux,
    "deny MG-RUNNING",
  ],
  [
    "its SQL runs in an init container",
    job(),
    [o.pod(spec, o.ownedBy("Job", "mig"), { initContainerStatuses: [state("m", { running: {} })] })],
    flux,
    "deny MG-RUNNING",
  ],
  ["it has completed", job({}, ended("Complete")), [running], flux, "allow: the Job has ended"],
  ["it has failed", job({}, ended("Failed")), [running], flux, "allow: the Job has ended"],
  [
    "a condition that is not true has not ended it",
    job({}, { conditions: [{ type: "Complete", status: "False" }] }),
    [running],
    flux,
    "deny MG-RUNNING",
  ],
  ["it never made a Pod", job(), [], flux, "allow: its SQL has not started"],
  ["its Pod waits", job(), [podWith(state("m", { waiting: {} }))], flux, "allow: its SQL has not started"],
  [
    "only a container beside it runs",
    job(),
    [podWith(state("sidecar", { running: {} }))],
    flux,
    "allow: its SQL has not started",
  ],
  [
    "its Pod has failed, the next has not come",
    job(),
    [o.pod(spec, o.ownedBy("Job", "mig"), { phase: "Failed", containerStatuses: [state("m", { terminated: {} })] })],
    flux,
    "allow: its SQL has not started",
  ],
  ["another Job of its name made the Pod", job({ uid: "new" }), [running], flux, "allow: its SQL has not started"],
  ["its abort is written in Git", job(abort("uid-of-mig")), [running], flux, "allow: its abort is written in Git"],
  ["the abort of an earlier run is written in Git", job(abort("uid-of-last")), [running], flux, "deny MG-RUNNING"],
  [
    "an empty abort",
    job({ ...abort(""), uid: "" }),
    [o.pod(spec, o.ownedBy("Job", "mig", "batch/v1", ""), { containerStatuses: [state("m", { running: {} })] })],
    flux,
    "deny MG-RUNNING",
  ],
  [
    "it is on its way out already",
    job({ deletionTimestamp: "2026-11-24T08:59:00Z" }),
    [running],
    flux,
    "allow: it is on its way out already",
  ],
] as const)("%s", async (_name, old, pods, user, is) => {
  expect(outcome(await judge(remove(old, { user }), [...o.healthy, ...pods]))).toBe(is);
});

it("leaves a Job alone that reaches no database", async () => {
  const plain = o.job({ containers: [{ name: "m", image: "busybox", command: ["sleep", "60"] }] });
  expect(outcome(await judge(remove(plain, { user: flux }), [...o.healthy, running]))).toBe(
    "allow: nothing in it reaches a database",
  );
});

it("only warns in an audited namespace", async () => {
  const audited = o.namespace("production", { "migration-gate.dev/mode": "audit" });
  const objects = [...o.healthy.filter(({ kind }) => kind !== "Namespace"), audited, running];
  expect(outcome(await judge(remove(job(), { user: flux }), objects))).toBe("warn MG-RUNNING");
});
