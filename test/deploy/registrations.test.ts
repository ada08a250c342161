import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { recordedReviews } from "../golden/recording.ts";
import { entries, evaluate, type Occasion, sentTo } from "./registrations.ts";

const golden = join(import.meta.dirname, "../golden/recorded-reviews.yaml");
const answers: Readonly<Record<string, { readonly answer: string }>> = parse(readFileSync(golden, "utf8"));
const failing = new Set(entries.filter(({ failurePolicy }) => failurePolicy === "Fail").map(({ name }) => name));

const recorded: readonly (Occasion & { readonly file: string })[] = recordedReviews().map(
  ({ file, endpoint, body }) => ({
    file,
    endpoint,
    request: JSON.parse(JSON.stringify(body.request)),
    mode: "enforce",
  }),
);

/** Every recorded review, and where it would be sent from an enforced, an audited and an unlabelled namespace. */
describe("the registrations, asked with the recorded reviews", () => {
  it("send each where the table says, and no condition fails to evaluate", async () => {
    const rows = recorded.map(({ file, ...occasion }) => {
      const to = (mode: string) => sentTo({ ...occasion, mode }).join(",") || "-";
      return [file.replace(".json", ""), to("enforce"), to("audit"), to("")].join("  ");
    });
    const table = ["review  enforced  audited  unlabelled", ...rows, ""].join("\n");
    await expect(table).toMatchFileSnapshot("recorded-reviews-sent-to.txt");
  });

  it("keep what operators, kubelets and Kubernetes' own controllers do away from entries that fail closed", () => {
    const housekeeping = recorded.filter(({ request }) => isHousekeeping(request.userInfo.username));
    expect(housekeeping.length).toBeGreaterThan(60);
    expect(housekeeping.filter((review) => sentTo(review).some((name) => failing.has(name)))).toEqual([]);
  });

  it("keep the Pods of CNPG's own Jobs away: a recovery needs them while the gate is down", () => {
    const pods = recorded.filter(({ request }) => "cnpg.io/jobRole" in (request.object?.metadata.labels ?? {}));
    const created = pods.filter(({ request }) => request.operation === "CREATE" && request.object?.kind === "Pod");
    expect(created.map(({ file }) => file.slice(0, 4))).toEqual(["0008", "0122", "0157"]);
    expect(created.map((review) => sentTo(review))).toEqual([[], [], []]);
  });

  it("send everything that is to be denied to an entry that fails closed", () => {
    const denied = recorded.filter(({ file }) => answers[file]?.answer === "deny");
    expect(denied.length).toBeGreaterThan(25);
    const missed = denied.filter((review) => !sentTo(review).some((name) => failing.has(name)));
    // a lifted suspension is no change of the template: the same request is judged as 0096, by /validate
    expect(missed.map(({ file }) => file)).toEqual(["0095-kubectl-unsuspend-mutate-update-job.json"]);
  });

  it("fail open in audited and unlabelled namespaces", () => {
    // of a Namespace the old object decides, not where it is
    const others = recorded.filter(({ request }) => request.resource.resource !== "namespaces");
    const sent = others.flatMap((review) => ["audit", "off", ""].flatMap((mode) => sentTo({ ...review, mode })));
    expect(sent.filter((name) => failing.has(name))).toEqual([]);
  });
});

describe("the evaluator", () => {
  it("fails, as the API server does, on a field that is absent", () => {
    const pod = recorded.find(({ file }) => file.startsWith("0044"));
    if (pod === undefined) throw new Error("no review 0044");
    expect(() => evaluate("request.subResource != ''", pod.request)).toThrow("subResource");
    expect(evaluate("!has(request.subResource)", pod.request)).toBe(true);
  });
});

/** Everyone but the two controllers that start runs for others. */
function isHousekeeping(account: string): boolean {
  if (/:(job-controller|cronjob-controller)$/.test(account)) return false;
  return /^system:(node:|serviceaccount:(kube-system|cnpg-system|production):)/.test(account);
}
