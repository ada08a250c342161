import { describe, expect, it } from "vitest";
import { environmentOf } from "../../src/pods/environment.ts";
import { filesOf } from "../../src/pods/files.ts";
import { podOf } from "./pod.ts";

type Json = Readonly<Record<string, unknown>>;

const configMaps = {
  sql: { data: { "up.sql": "UP", "down.sql": "DOWN" }, binaryData: { "blob.bin": "AAA=" } },
  more: { data: { "extra.sql": "EXTRA" } },
};

function files(volume: Json, mount: Json, ...others: readonly (readonly [Json, Json])[]) {
  const pairs = [[volume, mount] as const, ...others];
  const { container, pod } = podOf(
    { volumeMounts: pairs.map(([, one], at) => ({ name: `v${at}`, ...one })) },
    { spec: { volumes: pairs.map(([one], at) => ({ name: `v${at}`, ...one })) }, configMaps },
  );
  return filesOf(container, environmentOf(container, pod), pod);
}

function seen(volume: Json, mount: Json, path: string): string {
  const reading = files(volume, mount).read(path);
  if (reading.kind === "text") return String(reading.text[0]);
  return reading.kind === "absent" ? "absent" : `unknown: ${reading.reason}`;
}

const sql = { configMap: { name: "sql" } };

describe("a container's files", () => {
  it.each<[string, Json, Json, string, string]>([
    ["a key of a ConfigMap", sql, { mountPath: "/sql" }, "/sql/up.sql", "UP"],
    ["a path with detours", sql, { mountPath: "/sql/" }, "/sql/x/../up.sql", "UP"],
    ["the kubelet's own link", sql, { mountPath: "/sql" }, "/sql/..data/up.sql", "UP"],
    ["no key of that name: certainly absent", sql, { mountPath: "/sql" }, "/sql/no.sql", "absent"],
    [
      "beside the mount: the image's",
      sql,
      { mountPath: "/sql" },
      "/other/up.sql",
      "unknown: /other/up.sql is a file of image postgres:17",
    ],
    [
      "a folder whose name only begins alike",
      sql,
      { mountPath: "/sql" },
      "/sql2/up.sql",
      "unknown: /sql2/up.sql is a file of image postgres:17",
    ],
    ["binaryData", sql, { mountPath: "/sql" }, "/sql/blob.bin", "unknown: binaryData of ConfigMap shop/sql"],
    [
      "a key under the path items gives it",
      { configMap: { name: "sql", items: [{ key: "up.sql", path: "v1/a.sql" }] } },
      { mountPath: "/sql" },
      "/sql/v1/a.sql",
      "UP",
    ],
    [
      "a key items does not list",
      { configMap: { name: "sql", items: [{ key: "up.sql", path: "a.sql" }] } },
      { mountPath: "/sql" },
      "/sql/down.sql",
      "absent",
    ],
    [
      "a key items lists and the ConfigMap lacks",
      { configMap: { name: "sql", items: [{ key: "no", path: "a.sql" }] } },
      { mountPath: "/sql" },
      "/sql/a.sql",
      "unknown: key no is not in ConfigMap shop/sql",
    ],
    ["one file by subPath", sql, { mountPath: "/init.sql", subPath: "up.sql" }, "/init.sql", "UP"],
    [
      "beside a subPath file: the image's",
      sql,
      { mountPath: "/x/init.sql", subPath: "up.sql" },
      "/x/b.sql",
      "unknown: /x/b.sql is a file of image postgres:17",
    ],
    ["a subPath that is not there", sql, { mountPath: "/init.sql", subPath: "no.sql" }, "/init.sql/x", "absent"],
    [
      "a ConfigMap that is missing",
      { configMap: { name: "gone" } },
      { mountPath: "/sql" },
      "/sql/up.sql",
      "unknown: ConfigMap shop/gone was not found",
    ],
    [
      "an optional ConfigMap that is missing",
      { configMap: { name: "gone", optional: true } },
      { mountPath: "/sql" },
      "/sql/up.sql",
      "absent",
    ],
    [
      "a projected ConfigMap",
      { projected: { sources: [{ configMap: { name: "sql" } }] } },
      { mountPath: "/sql" },
      "/sql/up.sql",
      "UP",
    ],
    [
      "beside it, where a Secret is projected too",
      { projected: { sources: [{ configMap: { name: "sql" } }, { secret: { name: "s" } }] } },
      { mountPath: "/sql" },
      "/sql/x",
      "unknown: from Secret s",
    ],
    [
      "a projected ConfigMap that a Secret behind it may replace",
      { projected: { sources: [{ configMap: { name: "sql" } }, { secret: { name: "s" } }] } },
      { mountPath: "/sql" },
      "/sql/up.sql",
      "unknown: from Secret s",
    ],
    [
      "a projected ConfigMap that replaces what a Secret has",
      { projected: { sources: [{ secret: { name: "s" } }, { configMap: { name: "sql" } }] } },
      { mountPath: "/sql" },
      "/sql/up.sql",
      "UP",
    ],
    ["a Secret", { secret: { secretName: "s" } }, { mountPath: "/s" }, "/s/up.sql", "unknown: from Secret s"],
    [
      "beside a Secret's items: certainly absent",
      { secret: { secretName: "s", items: [{ key: "k", path: "a" }] } },
      { mountPath: "/s" },
      "/s/b",
      "absent",
    ],
    [
      "downwardAPI",
      { downwardAPI: { items: [{ path: "labels" }] } },
      { mountPath: "/d" },
      "/d/labels",
      "unknown: a field of the Pod",
    ],
    [
      "emptyDir",
      { emptyDir: {} },
      { mountPath: "/w" },
      "/w/x.sql",
      "unknown: volume v0 (emptyDir) is filled outside the manifests",
    ],
    [
      "a claim",
      { persistentVolumeClaim: { claimName: "c" } },
      { mountPath: "/w" },
      "/w/x.sql",
      "unknown: volume v0 (persistentVolumeClaim) is filled outside the manifests",
    ],
    [
      "an image volume",
      { image: { reference: "x" } },
      { mountPath: "/w" },
      "/w/x.sql",
      "unknown: volume v0 (image) is filled outside the manifests",
    ],
    [
      "a host path",
      { hostPath: { path: "/x" } },
      { mountPath: "/w" },
      "/w/x.sql",
      "unknown: volume v0 (hostPath) is filled outside the manifests",
    ],
  ])("%s", (_, volume, mount, path, expected) => {
    expect(seen(volume, mount, path)).toBe(expected);
  });

  it("the deeper mount hides the upper one", () => {
    const both = files(sql, { mountPath: "/sql" }, [{ configMap: { name: "more" } }, { mountPath: "/sql/more" }]);
    expect(both.read("/sql/more/extra.sql").kind).toBe("text");
    expect(both.list("/sql")).toEqual({
      kind: "known",
      paths: ["/sql/blob.bin", "/sql/down.sql", "/sql/more", "/sql/up.sql"],
    });
  });

  it.each<[string, Json, string]>([
    ["a folder of the image", sql, "/elsewhere"],
    ["an emptyDir", { emptyDir: {} }, "/sql"],
    ["a Secret", { secret: { secretName: "s" } }, "/sql"],
  ])("%s cannot be listed", (_, volume, directory) => {
    expect(files(volume, { mountPath: "/sql" }).list(directory).kind).toBe("unknown");
  });
});
