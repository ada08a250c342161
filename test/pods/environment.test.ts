import { describe, expect, it } from "vitest";
import { displayWord, variable } from "../../src/model/word.ts";
import { configMapReferences } from "../../src/pods/config-maps.ts";
import { describeEnvironment, environmentOf } from "../../src/pods/environment.ts";
import { expandReferences } from "../../src/pods/expand.ts";
import { clusterOf, podOf } from "./pod.ts";

type Json = Readonly<Record<string, unknown>>;

const secret = (name: string, key: string) => ({ valueFrom: { secretKeyRef: { name, key } } });
const key = (name: string, of: string, more: Json = {}) => ({
  valueFrom: { configMapKeyRef: { name, key: of, ...more } },
});

function value(name: string, container: Json, configMaps: Readonly<Record<string, Json>> = {}): string {
  const { container: one, pod } = podOf(container, { configMaps });
  return displayWord(variable(environmentOf(one, pod), name));
}

describe("a container's environment", () => {
  it.each<[string, string, Json, string]>([
    ["a literal", "A", { env: [{ name: "A", value: "x" }] }, "x"],
    [
      "$(VAR) of an earlier entry",
      "B",
      {
        env: [
          { name: "A", value: "x" },
          { name: "B", value: "<$(A)>" },
        ],
      },
      "<x>",
    ],
    [
      "$(VAR) of a later entry stays",
      "B",
      {
        env: [
          { name: "B", value: "$(A)" },
          { name: "A", value: "x" },
        ],
      },
      "$(A)",
    ],
    ["$$ is one dollar", "A", { env: [{ name: "A", value: "a$$b" }] }, "a$b"],
    [
      "$$(VAR) is not expanded",
      "B",
      {
        env: [
          { name: "A", value: "x" },
          { name: "B", value: "$$(A)" },
        ],
      },
      "$(A)",
    ],
    [
      "a name twice: the later one",
      "A",
      {
        env: [
          { name: "A", value: "x" },
          { name: "A", value: "y" },
        ],
      },
      "y",
    ],
    [
      "a name that reads itself",
      "A",
      {
        env: [
          { name: "A", value: "x" },
          { name: "A", value: "$(A)y" },
        ],
      },
      "xy",
    ],
    ["a Secret's key", "A", { env: [{ name: "A", ...secret("db", "uri") }] }, "<from Secret db key uri>"],
    [
      "a Secret's key in a URL",
      "U",
      {
        env: [
          { name: "A", ...secret("db", "pw") },
          { name: "U", value: "p:$(A)@h" },
        ],
      },
      "p:<from Secret db key pw>@h",
    ],
    ["a ConfigMap's key", "A", { env: [{ name: "A", ...key("conf", "url") }] }, "postgres://h/d"],
    [
      "a key the ConfigMap lacks",
      "A",
      { env: [{ name: "A", ...key("conf", "no") }] },
      "<key no is not in ConfigMap shop/conf>",
    ],
    ["an optional key it lacks", "A", { env: [{ name: "A", ...key("conf", "no", { optional: true }) }] }, ""],
    [
      "a ConfigMap that is missing",
      "A",
      { env: [{ name: "A", ...key("gone", "url") }] },
      "<ConfigMap shop/gone was not found>",
    ],
    [
      "the Pod's namespace",
      "A",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.namespace" } } }] },
      "shop",
    ],
    [
      "a name the Pod does not have yet",
      "A",
      { env: [{ name: "A", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } }] },
      "<field metadata.name of the Pod>",
    ],
    [
      "a resource limit",
      "A",
      { env: [{ name: "A", valueFrom: { resourceFieldRef: { resource: "limits.cpu" } } }] },
      "<variable A, known only when the Pod runs>",
    ],
    ["envFrom a ConfigMap", "url", { envFrom: [{ configMapRef: { name: "conf" } }] }, "postgres://h/d"],
    [
      "envFrom with a prefix",
      "DB_url",
      { envFrom: [{ prefix: "DB_", configMapRef: { name: "conf" } }] },
      "postgres://h/d",
    ],
    [
      "env wins over envFrom",
      "url",
      { envFrom: [{ configMapRef: { name: "conf" } }], env: [{ name: "url", value: "x" }] },
      "x",
    ],
    [
      "$(VAR) from envFrom",
      "A",
      { envFrom: [{ configMapRef: { name: "conf" } }], env: [{ name: "A", value: "$(url)" }] },
      "postgres://h/d",
    ],
    ["a name a whole Secret may define", "ANY", { envFrom: [{ secretRef: { name: "db" } }] }, "<from Secret db>"],
    [
      "a name two Secrets may define",
      "ANY",
      { envFrom: [{ secretRef: { name: "a" } }, { secretRef: { name: "b" } }] },
      "<from Secret a or from Secret b>",
    ],
    ["nothing says it", "A", {}, ""],
  ])("%s", (_, name, container, expected) => {
    expect(value(name, container, { conf: { data: { url: "postgres://h/d" } } })).toBe(expected);
  });

  it("has the Services of the namespace's Clusters, and of no other namespace's", () => {
    const clusters = [clusterOf("app-pg", "shop"), clusterOf("other", "else")];
    const { container, pod } = podOf({ env: [{ name: "H", value: "$(APP_PG_RW_SERVICE_HOST)" }] }, { clusters });
    const env = environmentOf(container, pod);
    expect([env.get("H"), env.has("OTHER_RW_SERVICE_HOST")]).toEqual([["app-pg-rw"], false]);
  });

  it("names Secrets and keys for a digest, and leaves the Services out", () => {
    const { container, pod } = podOf(
      {
        env: [
          { name: "A", value: "x" },
          { name: "P", ...secret("db", "pw") },
        ],
      },
      { clusters: [clusterOf("app-pg", "shop")] },
    );
    expect(describeEnvironment(environmentOf(container, pod))).toEqual({ A: "x", P: "<from Secret db key pw>" });
  });
});

describe("$(VAR) in command and args", () => {
  const env = new Map([["A", ["x"]]]);

  it.each([
    ["$(A)", "x"],
    ["$(B)", "$(B)"],
    ["$(date +%s)", "$(date +%s)"],
    ["$A", "$A"],
    ["a$", "a$"],
    ["$(A", "$(A"],
    ["DO $$ BEGIN END $$", "DO $ BEGIN END $"],
    ["$$$$", "$$"],
    ["$$$(A)", "$x"],
  ])("%s is %s", (written, expected) => {
    expect(displayWord(expandReferences(written, env))).toBe(expected);
  });
});

describe("ConfigMaps a Pod refers to", () => {
  it("are those of volumes, projected volumes, env and envFrom, each once", () => {
    const spec = {
      volumes: [
        { name: "a", configMap: { name: "sql" } },
        {
          name: "b",
          projected: { sources: [{ configMap: { name: "more", optional: true } }, { secret: { name: "s" } }] },
        },
      ],
      initContainers: [{ name: "i", envFrom: [{ configMapRef: { name: "conf" } }] }],
      containers: [
        {
          name: "m",
          env: [
            { name: "A", ...key("sql", "x", { optional: true }) },
            { name: "B", ...secret("db", "x") },
          ],
        },
      ],
    };
    expect(configMapReferences(spec)).toEqual([
      { name: "sql", optional: false },
      { name: "more", optional: true },
      { name: "conf", optional: false },
    ]);
  });
});
