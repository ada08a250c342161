import { createPrivateKey, X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { selfSignedPair } from "./http-server/self-signed.ts";

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
  const [cert, key] = await Promise.all(["tls.crt", "tls.key"].map((name) => readText(join(directory, name))));
  return checkedPair(key ?? "", cert ?? "", directory);
}

/** A throw-away certificate in memory, for a laptop and for demos. */
export function selfSignedCertificate(names: readonly string[], now: Date): Certificate {
  const { key, cert } = selfSignedPair(names, now);
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
