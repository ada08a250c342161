import { describe, expect, it } from "vitest";
import { matchesImage, repositoryOf } from "../../src/pods/image.ts";

describe("an image's repository", () => {
  it.each([
    ["postgres", "docker.io/library/postgres"],
    ["postgres:17", "docker.io/library/postgres"],
    ["postgres:17@sha256:abc", "docker.io/library/postgres"],
    ["alpine/psql:17", "docker.io/alpine/psql"],
    ["index.docker.io/library/postgres:17", "docker.io/library/postgres"],
    ["ghcr.io/cloudnative-pg/postgresql:17.6", "ghcr.io/cloudnative-pg/postgresql"],
    ["localhost/postgresql:17.12", "localhost/postgresql"],
    ["registry.example:5000/postgres", "registry.example:5000/postgres"],
    ["registry.example:5000/team/postgres:17", "registry.example:5000/team/postgres"],
  ])("%s is %s", (image, repository) => {
    expect(repositoryOf(image)).toBe(repository);
  });
});

describe("a policy's image pattern", () => {
  it.each([
    ["localhost/postgresql:17", "localhost/*", true],
    ["registry.example/team/db/psql:1", "registry.example/*/psql", true],
    ["registry.example/psql-evil:1", "registry.example/psql", false],
    ["evil.example/library/postgres:17", "postgres", false],
    ["registry.example/psql/x:1", "registry.example/*/psql", false],
    ["registry.example/a/b:1", "registry.example/*a*a/b", false],
  ])("%s against %s: %s", (image, pattern, expected) => {
    expect(matchesImage(image, [pattern])).toBe(expected);
  });
});
