import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type ChangeDigestInput,
  canonicalJson,
  changeDigest,
  type OpaqueDigestInput,
  opaqueDigest,
  type SqlDigestInput,
  sqlDigest,
} from "../src/digest.ts";
import type { Location, Target } from "../src/model/run.ts";

const cluster = (changes: Partial<Target> = {}, reason = "Secret app-postgres-app"): Location => ({
  kind: "cluster",
  target: { namespace: "production", cluster: "app-postgres", database: "app", ...changes },
  reason,
  claimed: false,
});
const external: Location = { kind: "external", host: "db", database: "app", reason: "PGHOST" };
const unknown: Location = { kind: "unknown", reason: "no host", remedy: "write one" };

const sql: SqlDigestInput = {
  canonical: "a".repeat(64),
  settings: ["role=owner", "search_path=app"],
  tool: "psql",
  subcommand: null,
  options: ["--single-transaction", "-v x=1"],
  stopsOnError: true,
  after: "",
  target: cluster(),
  namespace: "production",
};
const opaque: OpaqueDigestInput = {
  image: "ghcr.io/acme/migrate:1.4.0",
  argv: ["migrate", "up"],
  mounts: [],
  env: { FLAVOUR: "full", DB_SECRET: "app-postgres-app" },
  target: cluster(),
  namespace: "production",
  tool: null,
  subcommand: null,
};
const change: ChangeDigestInput = {
  change: "cluster-deleted",
  object: { apiVersion: "postgresql.cnpg.io/v1", kind: "Cluster", namespace: "production", name: "app-postgres" },
  difference: { instances: { from: 3, to: 0 } },
};
const pinned = { ...opaque, image: `ghcr.io/acme/migrate@sha256:${"b".repeat(64)}` };

describe("what voids an approval", () => {
  it.each<[string, string, string]>([
    ["other SQL", sqlDigest(sql), sqlDigest({ ...sql, canonical: "b".repeat(64) })],
    ["another role or search_path", sqlDigest(sql), sqlDigest({ ...sql, settings: ["search_path=app"] })],
    ["settings in another order", sqlDigest(sql), sqlDigest({ ...sql, settings: sql.settings.toReversed() })],
    ["another tool", sqlDigest(sql), sqlDigest({ ...sql, tool: "flyway" })],
    ["an unknown tool", sqlDigest(sql), sqlDigest({ ...sql, tool: null })],
    ["another subcommand", sqlDigest(sql), sqlDigest({ ...sql, subcommand: "repair" })],
    ["an option more", sqlDigest(sql), sqlDigest({ ...sql, options: [...sql.options, "--force"] })],
    ["another text before it", sqlDigest(sql), sqlDigest({ ...sql, after: `sha256:${"0".repeat(64)}` })],
    ["errors that no longer stop it", sqlDigest(sql), sqlDigest({ ...sql, stopsOnError: false })],
    ["another database", sqlDigest(sql), sqlDigest({ ...sql, target: cluster({ database: "other" }) })],
    ["another Cluster", sqlDigest(sql), sqlDigest({ ...sql, target: cluster({ cluster: "other" }) })],
    ["the same Cluster name elsewhere", sqlDigest(sql), sqlDigest({ ...sql, target: cluster({ namespace: "dev" }) })],
    ["an external server", sqlDigest(sql), sqlDigest({ ...sql, target: external })],
    ["a target no longer known", sqlDigest(sql), sqlDigest({ ...sql, target: unknown })],
    [
      "the same external host name seen from another namespace",
      sqlDigest({ ...sql, target: external }),
      sqlDigest({ ...sql, target: external, namespace: "dev" }),
    ],
    [
      "an unknown target in another namespace",
      sqlDigest({ ...sql, target: unknown }),
      sqlDigest({ ...sql, target: unknown, namespace: "dev" }),
    ],
    ["a mounted script", opaqueDigest(opaque), opaqueDigest({ ...opaque, mounts: [{ path: "/s", content: "x" }] })],
    [
      "another tag of an opaque image",
      opaqueDigest(opaque),
      opaqueDigest({ ...opaque, image: "ghcr.io/acme/migrate:2" }),
    ],
    ["another repository", opaqueDigest(opaque), opaqueDigest({ ...opaque, image: "evil.io/acme/migrate:1.4.0" })],
    [
      "another image digest",
      opaqueDigest(pinned),
      opaqueDigest({ ...pinned, image: `ghcr.io/acme/migrate@sha256:${"c".repeat(64)}` }),
    ],
    ["argv in another order", opaqueDigest(opaque), opaqueDigest({ ...opaque, argv: ["up", "migrate"] })],
    ["argv split otherwise", opaqueDigest(opaque), opaqueDigest({ ...opaque, argv: ["migrate up"] })],
    ["another environment", opaqueDigest(opaque), opaqueDigest({ ...opaque, env: { ...opaque.env, FLAVOUR: "less" } })],
    ["another change of the object", changeDigest(change), changeDigest({ ...change, change: "scaled-to-zero" })],
    ["another object", changeDigest(change), changeDigest({ ...change, object: { ...change.object, name: "other" } })],
    [
      "another kind of that name",
      changeDigest(change),
      changeDigest({ ...change, object: { ...change.object, kind: "Pooler" } }),
    ],
    [
      "another difference",
      changeDigest(change),
      changeDigest({ ...change, difference: { instances: { from: 3, to: 1 } } }),
    ],
  ])("%s", (_, before, after) => {
    expect(after).not.toBe(before);
  });
});

describe("what does not void an approval", () => {
  it.each<[string, string, string]>([
    ["options written in another order", sqlDigest(sql), sqlDigest({ ...sql, options: sql.options.toReversed() })],
    ["the target found by another clue", sqlDigest(sql), sqlDigest({ ...sql, target: cluster({}, "host name") })],
    ["the Job in another namespace, same Cluster", sqlDigest(sql), sqlDigest({ ...sql, namespace: "jobs" })],
    [
      "environment written in another order",
      opaqueDigest(opaque),
      opaqueDigest({ ...opaque, env: { DB_SECRET: "app-postgres-app", FLAVOUR: "full" } }),
    ],
    [
      "a tag beside the image digest",
      opaqueDigest(pinned),
      opaqueDigest({ ...pinned, image: pinned.image.replace("@", ":9@") }),
    ],
    [
      "no tag, which is latest",
      opaqueDigest({ ...opaque, image: "reg:5000/m" }),
      opaqueDigest({ ...opaque, image: "reg:5000/m:latest" }),
    ],
    [
      "a new API version of the object",
      changeDigest(change),
      changeDigest({ ...change, object: { ...change.object, apiVersion: "postgresql.cnpg.io/v2" } }),
    ],
  ])("%s", (_, before, after) => {
    expect(after).toBe(before);
  });
});

it("the canonical form v1 is pinned: these digests are in people's repositories", () => {
  expect([sqlDigest(sql), opaqueDigest(opaque), changeDigest(change)]).toMatchInlineSnapshot(`
    [
      "sha256:e671d2f4d9d72cab36a7c7668a89f08c2f102dc708ed0a97945732b721c57570",
      "sha256:40ae5d79a00e84e9c70b07d29361cb862e488de957357aa49ca8064ba7992a0b",
      "sha256:6f562ee909d53156894c0b1a47e0461d4d2bcc57e36d685b9200ef6a12db3d3d",
    ]
  `);
});

it("a value that JSON cannot carry is refused, not dropped", () => {
  for (const value of [undefined, Number.NaN, 1n, new Date(0), { a: undefined }, [() => 1]]) {
    expect(() => canonicalJson(value)).toThrow(TypeError);
  }
});

it("the order of keys never matters, and the text says the same value", () => {
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const text = canonicalJson(value);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(canonicalJson(JSON.parse(text, reversedKeys))).toBe(text);
    }),
  );
});

function reversedKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).toReversed());
}
