import { createHash } from "node:crypto";
import sshpk from "sshpk";

/** What is to be proven: that one of these keys signed this text for this purpose. Keys are lines of OpenSSH .pub files. */
export interface SshSignatureClaim {
  /** the SSHSIG blob, base64 without the armour's lines */
  readonly signature: string;
  readonly text: string;
  /** SSHSIG's namespace: keeps a signature made for Git or mail from counting here */
  readonly namespace: string;
  readonly keys: readonly string[];
}

export type SshVerification = { readonly verified: true } | { readonly verified: false; readonly reason: string };

interface Envelope {
  readonly publicKey: Buffer;
  readonly namespace: Buffer;
  readonly reserved: Buffer;
  readonly hash: string;
  readonly signature: Buffer;
}

const magic = "SSHSIG";
const smallestRsaBits = 2048;
/** Signature algorithms and the keys that make them; ssh-rsa, which hashes with SHA-1, is not among them (PROTOCOL.sshsig). */
const keyTypes: Readonly<Record<string, "rsa" | "ed25519" | "ecdsa">> = {
  "ssh-ed25519": "ed25519",
  "rsa-sha2-256": "rsa",
  "rsa-sha2-512": "rsa",
  "ecdsa-sha2-nistp256": "ecdsa",
  "ecdsa-sha2-nistp384": "ecdsa",
  "ecdsa-sha2-nistp521": "ecdsa",
};

/** Checks an SSHSIG signature (OpenSSH's PROTOCOL.sshsig, version 1). Never throws: what cannot be read proves nothing. */
export function verifySshSignature(claim: SshSignatureClaim): SshVerification {
  const refuse = (reason: string): SshVerification => ({ verified: false, reason });
  const envelope = parseEnvelope(claim.signature);
  if (envelope === null) return refuse("it is no whole SSH signature");
  if (!envelope.namespace.equals(Buffer.from(claim.namespace))) return refuse("it was made for another purpose");
  if (envelope.hash !== "sha256" && envelope.hash !== "sha512") return refuse("its hash is neither sha256 nor sha512");
  if (!claim.keys.some((key) => keyBlob(key)?.equals(envelope.publicKey) === true)) {
    return refuse("it was made with a key that the policy does not list for this approver");
  }
  const key = readKey(envelope.publicKey);
  if (typeof key === "string") return refuse(key);
  return isSignedBy(key, envelope, claim.text)
    ? { verified: true }
    : refuse("it does not fit what the annotation says");
}

/** Why a line of a .pub file cannot be an approver's key, or null if it can. */
export function publicKeyProblem(line: string): string | null {
  const blob = keyBlob(line);
  if (blob === null) return "it is no OpenSSH public key";
  const key = readKey(blob);
  return typeof key === "string" ? key : null;
}

/** "ssh-ed25519 AAAA… comment" → the key's bytes; null if the line is not of that form or its two type names differ. */
function keyBlob(line: string): Buffer | null {
  const match = /^([a-z0-9@.-]+) +([A-Za-z0-9+/]+={0,2})(?: +.*)?$/.exec(line.trim());
  if (match === null) return null;
  const blob = Buffer.from(match[2] ?? "", "base64");
  return readString(blob, 0)?.bytes.toString("latin1") === match[1] ? blob : null;
}

function readKey(blob: Buffer): sshpk.Key | string {
  const type = readString(blob, 0)?.bytes.toString("latin1") ?? "";
  if (type.startsWith("sk-")) return "keys on security tokens (sk-…) are not built yet; use ed25519, ecdsa or rsa";
  if (type.includes("-cert-")) return "SSH certificates are not built yet; use the plain public key";
  const key = parseKey(blob);
  if (key === null) return "it is no OpenSSH public key";
  if (!Object.values(keyTypes).some((known) => known === key.type)) return "its type is not ed25519, ecdsa or rsa";
  if (key.type === "rsa" && key.size < smallestRsaBits)
    return `an RSA key under ${smallestRsaBits} bits proves nothing`;
  return key;
}

/** Only keys that have one spelling: otherwise one key could be listed twice and count as two people. */
function parseKey(blob: Buffer): sshpk.Key | null {
  try {
    const key = sshpk.parseKey(blob, "rfc4253");
    return key.toBuffer("rfc4253", {}).equals(blob) ? key : null;
  } catch {
    return null;
  }
}

function isSignedBy(key: sshpk.Key, envelope: Envelope, text: string): boolean {
  const algorithm = readString(envelope.signature, 0)?.bytes.toString("latin1") ?? "";
  const type = keyTypes[algorithm];
  if (type === undefined || type !== key.type) return false;
  try {
    const signature = sshpk.parseSignature(envelope.signature, type, "ssh");
    const verifier = key.createVerify(signature.hashAlgorithm);
    verifier.update(signedBytes(envelope, text));
    return verifier.verify(signature);
  } catch {
    return false;
  }
}

function signedBytes({ namespace, reserved, hash }: Envelope, text: string): Buffer {
  const message = createHash(hash).update(text, "utf8").digest();
  return Buffer.concat([Buffer.from(magic), ...[namespace, reserved, Buffer.from(hash), message].map(sshString)]);
}

function sshString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}

function parseEnvelope(base64: string): Envelope | null {
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  const blob = Buffer.from(base64, "base64");
  const isVersion1 = blob.length > 10 && blob.toString("latin1", 0, 6) === magic && blob.readUInt32BE(6) === 1;
  const fields = isVersion1 ? readStrings(blob, 10) : null;
  if (fields?.length !== 5) return null;
  const [publicKey, namespace, reserved, hash, signature] = fields;
  if (!publicKey || !namespace || !reserved || !hash || !signature) return null;
  return { publicKey, namespace, reserved, hash: hash.toString("latin1"), signature };
}

/** All length-prefixed strings from an offset to the very end; null if the last one is cut or something is left over. */
function readStrings(blob: Buffer, start: number): readonly Buffer[] | null {
  const found: Buffer[] = [];
  for (let offset = start; offset < blob.length; ) {
    const next = readString(blob, offset);
    if (next === null) return null;
    found.push(next.bytes);
    offset = next.end;
  }
  return found;
}

function readString(blob: Buffer, offset: number): { readonly bytes: Buffer; readonly end: number } | null {
  if (blob.length < offset + 4) return null;
  const end = offset + 4 + blob.readUInt32BE(offset);
  return end <= blob.length ? { bytes: blob.subarray(offset + 4, end), end } : null;
}
