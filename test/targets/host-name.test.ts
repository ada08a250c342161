import { describe, expect, it } from "vitest";
import { bareHost, isHostName, serviceOf, serviceVariable } from "../../src/targets/host-name.ts";

describe("bareHost", () => {
  const written: readonly (readonly [string, string, string])[] = [
    ["takes credentials off", "app:p%40ss@pg-rw", "pg-rw"],
    ["takes credentials off that have an @ themselves", "app:p@ss@pg-rw", "pg-rw"],
    ["takes the port off", "pg-rw.data:5432", "pg-rw.data"],
    ["takes brackets and port off an IPv6 address", "[FD00::1]:5432", "fd00::1"],
    ["leaves a bare IPv6 address whole", "fd00::1", "fd00::1"],
    ["takes one trailing dot off", "pg-rw.data.svc.cluster.local.", "pg-rw.data.svc.cluster.local"],
    ["writes it small", "PG-RW", "pg-rw"],
  ];
  it.each(written)("%s", (_, host, bare) => {
    expect(bareHost(host)).toBe(bare);
  });
});

describe("serviceOf", () => {
  const hosts: readonly (readonly [string, string | null])[] = [
    ["pg-rw", "shop/pg-rw"],
    ["pg-rw.data", "data/pg-rw"],
    ["pg-rw.data.svc", "data/pg-rw"],
    ["pg-rw.data.svc.cluster.local", "data/pg-rw"],
    ["pg-rw.cluster.local", null],
    ["pg-rw.data.pod.cluster.local", null],
    ["pg-rw.data.com", null],
    ["a.pg-rw.data.svc", null],
    ["pg_rw", null],
    ["", null],
  ];
  it.each(hosts)("reads %s", (host, service) => {
    const found = serviceOf(host, "shop", "cluster.local");
    expect(found === null ? null : `${found.namespace}/${found.name}`).toBe(service);
  });
});

it("finds a Service's variable only in capital letters and whole", () => {
  expect(serviceVariable("$(PG_RW_SERVICE_HOST)")).toBe("PG_RW");
  expect(serviceVariable("$PG_RW_SERVICE_HOST is not set in the manifest")).toBe("PG_RW");
  expect(serviceVariable("pg_rw_service_host")).toBe("");
  expect(serviceVariable("PG_RW_SERVICE_HOSTS")).toBe("");
});

it("takes only what DNS could know for a host name", () => {
  expect(["db.example.com", "pg-rw"].every(isHostName)).toBe(true);
  expect(["a b", "x;--", "-a", "a..b", "a".repeat(300), ""].some(isHostName)).toBe(false);
});
