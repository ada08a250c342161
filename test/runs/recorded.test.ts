import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { extract } from "../../src/gate/extract.ts";
import { fields, textAt } from "../../src/model/fields.ts";
import type { KubernetesObject } from "../../src/model/kubernetes.ts";
import { contextOf } from "../corpus/corpus.ts";
import { clusterOf } from "../pods/pod.ts";

const folder = new URL("../fixtures/reviews/", import.meta.url);

/** The object of a recorded review, by its number, and the ConfigMap that the same phase applied. */
function recorded(number: string): KubernetesObject {
  const name = readdirSync(folder).find((file) => file.startsWith(number)) ?? "";
  const object = fields(fields(JSON.parse(readFileSync(new URL(name, folder), "utf8"))["request"])["object"]);
  const metadata = { ...fields(object["metadata"]), name: textAt(object, "metadata", "name"), namespace: "production" };
  return { ...object, apiVersion: textAt(object, "apiVersion"), kind: textAt(object, "kind"), metadata };
}

describe("recorded on a real cluster", () => {
  it.each<[string, string, string, string | null, string, string]>([
    [
      "Flux's Job at its dry-run",
      "0023",
      "job",
      "0022",
      "CREATE TABLE IF NOT EXISTS users",
      "ConfigMap production/mig-sql up.sql:1",
    ],
    [
      "Flux's Job with the dropped column",
      "0041",
      "job",
      "0040",
      "DROP COLUMN",
      "ConfigMap production/mig-sql up.sql:1",
    ],
    [
      "its Pod, with the token volume Kubernetes adds",
      "0044",
      "pod",
      "0040",
      "DROP COLUMN",
      "ConfigMap production/mig-sql up.sql:1",
    ],
    [
      "the CronJob",
      "0050",
      "cron-job",
      null,
      "DELETE FROM users WHERE id > 10",
      "CronJob production/purge spec.jobTemplate.spec.template.spec.containers[m].command[2]:1",
    ],
    [
      "the CronJob's Job",
      "0051",
      "job",
      null,
      "DELETE FROM users WHERE id > 10",
      "Job production/purge-29925166 spec.template.spec.containers[m].command[2]:1",
    ],
    [
      "that Job's Pod",
      "0052",
      "pod",
      null,
      "DELETE FROM users WHERE id > 10",
      "Pod production/purge-29925166- spec.containers[m].command[2]:1",
    ],
    [
      "kubectl's Job with a here-document",
      "0092",
      "job",
      null,
      "DROP TABLE IF EXISTS legacy_users",
      "Job production/inline spec.template.spec.containers[m].args[0]:3",
    ],
    ["Helm's hook Job", "0113", "job", "0109", "", "ConfigMap production/app-sql V2__drop.sql:1"],
  ])("%s: its SQL and its place", async (_, number, source, configMap, sql, place) => {
    const objects = configMap === null ? [] : [recorded(configMap)];
    const context = contextOf(objects, {
      images: ["localhost/*"],
      clusters: [clusterOf("app-postgres", "production")],
    });
    const { steps } = await extract(recorded(number), source, context);
    expect(steps.map(({ tool, opaque, connection }) => [tool, opaque, connection.hosts])).toEqual([
      ["psql", [], [["app-postgres-rw"]]],
    ]);
    const [text] = steps[0]?.sql ?? [];
    expect(text?.text).toContain(sql);
    expect(`${text?.origin.object} ${text?.origin.key}:${text?.origin.line}`).toBe(place);
  });

  it("a Job whose ConfigMap is not there yet says which one is missing", async () => {
    const context = contextOf([], { images: ["localhost/*"] });
    const run = await extract(recorded("0023"), "job", context);
    expect(run.references).toEqual([{ namespace: "production", name: "mig-sql", found: "missing" }]);
    expect(run.steps.flatMap(({ opaque }) => opaque)).toEqual([
      expect.objectContaining({
        kind: "unreadable",
        reason: expect.stringContaining("ConfigMap production/mig-sql was not found"),
      }),
    ]);
  });
});
