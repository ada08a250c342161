import { X509Certificate } from "node:crypto";
import { mkdtemp, rename, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type Certificate,
  readCertificate,
  selfSignedCertificate,
  watchCertificate,
} from "../../src/adapters/certificate.ts";

const now = new Date("2026-11-24T08:00:00Z");
const pair = (at = now) => selfSignedCertificate(["localhost", "127.0.0.1"], at);

async function folder(files: Partial<Certificate>): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "tls-"));
  await write(directory, files);
  return directory;
}
async function write(directory: string, { cert, key }: Partial<Certificate>): Promise<void> {
  if (cert !== undefined) await replaceFile(join(directory, "tls.crt"), cert);
  if (key !== undefined) await replaceFile(join(directory, "tls.key"), key);
}

/** Each file whole or not at all, as the kubelet does it; that the two do not change together is what is tested. */
async function replaceFile(path: string, text: string): Promise<void> {
  await writeFile(`${path}.new`, text);
  await rename(`${path}.new`, path);
}

describe("a throw-away certificate", async () => {
  const certificate = new X509Certificate((await pair()).cert);

  it("is for the names asked for, and for no other", () => {
    expect(certificate.subjectAltName).toBe("DNS:localhost, IP Address:127.0.0.1");
    expect(certificate.checkHost("localhost")).toBe("localhost");
    expect(certificate.checkIP("127.0.0.1")).toBe("127.0.0.1");
    expect(certificate.checkHost("example.com")).toBeUndefined();
  });

  it("can be trusted as its own authority, for a week", async () => {
    expect([certificate.ca, certificate.verify(certificate.publicKey)]).toEqual([true, true]);
    expect([certificate.validFrom, certificate.validTo]).toEqual([
      "Nov 24 07:00:00 2026 GMT",
      "Dec  1 08:00:00 2026 GMT",
    ]);
    expect((await pair()).expiresAt).toEqual(new Date("2026-12-01T08:00:00Z"));
  });

  it("is valid beyond 2050 too, where X.509 writes years in full", async () => {
    expect(new X509Certificate((await pair(new Date("2051-01-01T00:00:00Z"))).cert).validTo).toBe(
      "Jan  8 00:00:00 2051 GMT",
    );
  });

  it("is another one each time", async () => {
    expect(new X509Certificate((await pair()).cert).subject).not.toBe(certificate.subject);
  });
});

describe("a folder with a certificate", async () => {
  it("is read, also when it has expired: readiness says so then", async () => {
    const old = await pair(new Date("2020-01-01T00:00:00Z"));
    expect(await readCertificate(await folder(old))).toEqual(old);
  });

  const { cert, key } = await pair();
  it.each([
    ["without a key", { cert }, "CERTIFICATE_UNREADABLE", /tls\.key cannot be read$/],
    ["without a certificate", { key }, "CERTIFICATE_UNREADABLE", /tls\.crt cannot be read$/],
    [
      "with a certificate that is none",
      { cert: "x", key },
      "CERTIFICATE_UNREADABLE",
      /no certificate with a key in PEM in /,
    ],
    ["with a key that is none", { cert, key: "x" }, "CERTIFICATE_UNREADABLE", /no certificate with a key in PEM in /],
    [
      "with another's key",
      { cert, key: (await pair()).key },
      "CERTIFICATE_MISMATCH",
      /does not belong to the certificate$/,
    ],
  ])("is refused %s", async (_, files, code, message) => {
    const refused = { code, message: expect.stringMatching(message) };
    await expect(readCertificate(await folder(files))).rejects.toMatchObject(refused);
  });
});

describe("watching", () => {
  let stop = () => {};
  afterEach(() => stop());

  async function watch() {
    const current = await pair();
    const directory = await folder(current);
    const seen: Certificate[] = [];
    const problems: unknown[] = [];
    const report = {
      onChange: (next: Certificate) => seen.push(next),
      onProblem: (error: unknown) => problems.push(error),
    };
    stop = watchCertificate({ directory, current, everyMs: 10, now: () => now, ...report });
    return { directory, current, seen, problems };
  }
  const eventually = (claim: () => void) => vi.waitFor(claim, { timeout: 5_000, interval: 10 });
  const looks = () => new Promise((resolve) => setTimeout(resolve, 100));

  it("hands over a new pair once, and the next one after it", async () => {
    const { directory, seen, problems } = await watch();
    const next = await pair();
    await write(directory, { key: next.key });
    await write(directory, { cert: next.cert });
    await eventually(() => expect(seen).toEqual([next]));
    await looks();
    const third = await pair();
    await write(directory, third);
    await eventually(() => expect(seen).toEqual([next, third]));
    expect(problems.every((problem) => String(problem).includes("does not belong"))).toBe(true);
  });

  it("says nothing while nothing changes", async () => {
    const { seen, problems } = await watch();
    await looks();
    expect([seen, problems]).toEqual([[], []]);
  });

  it("says a bad pair once for as long as it stays, and takes a good one afterwards", async () => {
    const { directory, seen, problems } = await watch();
    await write(directory, { cert: "x" });
    await eventually(() => expect(problems).toHaveLength(1));
    await looks();
    expect([seen, problems]).toEqual([[], [expect.objectContaining({ code: "CERTIFICATE_UNREADABLE" })]]);
    const next = await pair();
    await write(directory, next);
    await eventually(() => expect(seen).toEqual([next]));
  });

  it("keeps the old pair rather than one that has expired", async () => {
    const { directory, seen, problems } = await watch();
    await write(directory, await pair(new Date("2020-01-01T00:00:00Z")));
    await eventually(() => expect(problems.at(-1)).toMatchObject({ code: "CERTIFICATE_EXPIRED" }));
    expect(seen).toEqual([]);
  });

  it("looks no more once it is stopped", async () => {
    const { directory, seen, problems } = await watch();
    stop();
    await write(directory, await pair());
    await looks();
    expect([seen, problems]).toEqual([[], []]);
  });
});
