import { createPrivateKey, randomBytes, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A key and its certificate chain (PEM) that belong together. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  readonly expiresAt: Date;
}

/** A pair that cannot be served. `code` says what is wrong with it. */
class CertificateError extends Error {
  readonly code: "CERTIFICATE_UNREADABLE" | "CERTIFICATE_MISMATCH" | "CERTIFICATE_EXPIRED";

  constructor(code: CertificateError["code"], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "CertificateError";
    this.code = code;
  }
}

/** Reads `tls.crt` and `tls.key` as Kubernetes writes them. Throws CertificateError; an expired pair is still returned. */
export async function readCertificate(directory: string): Promise<Certificate> {
  const cert = await readText(join(directory, "tls.crt"));
  const key = await readText(join(directory, "tls.key"));
  return checkedPair(key, cert, directory);
}

const week = 7 * 86_400_000;

/** A throw-away certificate in memory for these host names and addresses, valid for a week, for a laptop and for demos. */
export async function selfSignedCertificate(names: readonly string[], now: Date): Promise<Certificate> {
  // A name of its own: two certificates of one name cannot both be trusted while one takes over from the other.
  const commonName = `migration-gate ${randomBytes(4).toString("hex")}`;
  const altNames = names.map((name) =>
    isIP(name) === 0 ? ({ type: 2, value: name } as const) : ({ type: 7, ip: name } as const),
  );
  const { private: key, cert } = await generate([{ name: "commonName", value: commonName }], {
    ...{ keyType: "ec", curve: "P-256", algorithm: "sha256" },
    notBeforeDate: new Date(now.getTime() - 3_600_000),
    notAfterDate: new Date(now.getTime() + week),
    extensions: [
      { name: "basicConstraints", cA: true, critical: true },
      { name: "subjectAltName", altNames },
    ],
  });
  return checkedPair(key, cert, "memory");
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (cause) {
    throw new CertificateError("CERTIFICATE_UNREADABLE", `${path} cannot be read`, { cause });
  }
}

function checkedPair(key: string, cert: string, from: string): Certificate {
  const { matches, expiresAt } = inspect(key, cert, from);
  if (matches) return { key, cert, expiresAt };
  throw new CertificateError("CERTIFICATE_MISMATCH", `the key in ${from} does not belong to the certificate`);
}

function inspect(key: string, cert: string, from: string) {
  try {
    const certificate = new X509Certificate(cert);
    return { matches: certificate.checkPrivateKey(createPrivateKey(key)), expiresAt: new Date(certificate.validTo) };
  } catch (cause) {
    throw new CertificateError("CERTIFICATE_UNREADABLE", `no certificate with a key in PEM in ${from}`, { cause });
  }
}

interface WatchOptions {
  readonly directory: string;
  readonly current: Certificate;
  readonly everyMs: number;
  now(): Date;
  /** a new pair that can be served */
  onChange(certificate: Certificate): void;
  /** a new pair that cannot: the old one stays; said once for as long as the problem stays the same */
  onProblem(error: unknown): void;
}

/**
 * Looks again and again instead of waiting for file events: a Secret volume is swapped by renaming a symlink above the
 * files, and a pair copied by hand is half old for a moment. Returns a function that stops it.
 */
export function watchCertificate({ directory, current, everyMs, now, onChange, onProblem }: WatchOptions): () => void {
  let served = current;
  let said = "";
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  async function look(): Promise<void> {
    try {
      const found = await readCertificate(directory);
      const isNew = found.cert !== served.cert || found.key !== served.key;
      if (isNew) take(found);
      said = "";
    } catch (error) {
      const problem = String(error);
      if (problem !== said) onProblem(error);
      said = problem;
    }
    if (!stopped) schedule();
  }

  function take(found: Certificate): void {
    if (found.expiresAt <= now())
      throw new CertificateError("CERTIFICATE_EXPIRED", `the new certificate in ${directory} has expired`);
    onChange(found);
    served = found;
  }

  function schedule(): void {
    timer = setTimeout(() => void look(), everyMs).unref();
  }

  schedule();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
