import { expect, test } from "vitest";
import { changePlatform } from "../environment.ts";
import { asRelease } from "../install/gate.ts";
import { decisions, openReviewStream } from "../review-stream.ts";
import { openScenario } from "../scenario.ts";

const scenario = await openScenario("rolling-update");
const { name: namespace, client } = scenario;
const gate = ["--namespace=migration-gate", "--selector=app.kubernetes.io/name=migration-gate"];

test("a rolling update of the gate under a stream of reviews loses none", async () => {
  const old = await podsOfGate();
  const stream = await openReviewStream(client, namespace);
  await changePlatform(client, "Release the gate", (folder) => asRelease(folder, `${Date.now()}`));
  await client.kubectl(["wait", "--namespace=migration-gate", ...old, "--for=delete", "--timeout=90s"]);
  const { answered, wrong, slowestMs } = await stream.stop();

  process.stdout.write(`rolling update: ${answered} reviews, the slowest took ${slowestMs} ms\n`);
  expect(wrong).toEqual([]);
  expect(answered).toBeGreaterThan(200);
  // each was judged by the gate: none passed because nobody was there to ask
  const decided = decisions(scenario.audit, namespace);
  expect(new Set(decided)).toEqual(new Set(["201 warn", "403 deny"]));
  expect(decided.length).toBeGreaterThanOrEqual(answered);
});

async function podsOfGate(): Promise<readonly string[]> {
  return (await client.kubectl(["get", "pods", ...gate, "--output=name"])).trim().split("\n");
}
