import { createHash, generateKeyPairSync, type KeyObject, sign } from "node:crypto";

/** What ssh-keygen does, by Node alone: keys and SSHSIG signatures of today, with any part made wrong on purpose. */
export interface Signer {
  /** line of a .pub file */
  readonly publicKey: string;
  signature(text: string, parts?: Partial<EnvelopeParts>): string;
}

interface EnvelopeParts {
  readonly magic: string;
  readonly version: number;
  readonly namespace: string;
  readonly hash: string;
  readonly publicKey: Buffer;
  readonly algorithm: string;
  readonly trailing: Buffer;
}

export function ed25519Signer(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const blob = Buffer.concat([string("ssh-ed25519"), string(jwkPart(publicKey, "x"))]);
  return signer("ssh-ed25519", blob, "ssh-ed25519", (data) => sign(null, data, privateKey));
}

export function rsaSigner(algorithm: "rsa-sha2-256" | "rsa-sha2-512" | "ssh-rsa"): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const blob = Buffer.concat([
    string("ssh-rsa"),
    string(positive(jwkPart(publicKey, "e"))),
    string(positive(jwkPart(publicKey, "n"))),
  ]);
  const hash = { "rsa-sha2-256": "sha256", "rsa-sha2-512": "sha512", "ssh-rsa": "sha1" }[algorithm];
  return signer("ssh-rsa", blob, algorithm, (data) => sign(hash, data, privateKey));
}

export function ecdsaSigner(): Signer {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const point = Buffer.concat([Buffer.from([4]), jwkPart(publicKey, "x"), jwkPart(publicKey, "y")]);
  const blob = Buffer.concat([string("ecdsa-sha2-nistp256"), string("nistp256"), string(point)]);
  return signer("ecdsa-sha2-nistp256", blob, "ecdsa-sha2-nistp256", (data) => {
    const both = sign("sha256", data, { key: privateKey, dsaEncoding: "ieee-p1363" });
    return Buffer.concat([string(positive(both.subarray(0, 32))), string(positive(both.subarray(32)))]);
  });
}

/** A key on a security token, which needs no token to be refused. */
export function tokenSigner(): Signer {
  const key = ed25519Signer();
  const type = "sk-ssh-ed25519@openssh.com";
  const blob = Buffer.concat([string(type), string(Buffer.alloc(32, 7)), string("ssh:")]);
  return {
    publicKey: `${type} ${blob.toString("base64")} token`,
    signature: (text, parts) => key.signature(text, { publicKey: blob, algorithm: type, ...parts }),
  };
}

function signer(type: string, blob: Buffer, algorithm: string, signBytes: (data: Buffer) => Buffer): Signer {
  return {
    publicKey: `${type} ${blob.toString("base64")} made@test`,
    signature(text, changes = {}) {
      const parts: EnvelopeParts = {
        magic: "SSHSIG",
        version: 1,
        namespace: "migration-gate.dev",
        hash: "sha512",
        publicKey: blob,
        algorithm,
        trailing: Buffer.alloc(0),
        ...changes,
      };
      const hashed = createHash(parts.hash).update(text).digest();
      const head = [string(parts.namespace), string(""), string(parts.hash)];
      const signed = signBytes(Buffer.concat([Buffer.from("SSHSIG"), ...head, string(hashed)]));
      const version = Buffer.alloc(4);
      version.writeUInt32BE(parts.version);
      const inner = string(Buffer.concat([string(parts.algorithm), string(signed)]));
      return Buffer.concat([
        Buffer.from(parts.magic),
        version,
        string(parts.publicKey),
        ...head,
        inner,
        parts.trailing,
      ]).toString("base64");
    },
  };
}

function string(bytes: Buffer | string): Buffer {
  const content = Buffer.from(bytes);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(content.length);
  return Buffer.concat([length, content]);
}

/** SSH's mpint: no leading zeros, and one where the highest bit would read as a sign. */
function positive(bytes: Buffer): Buffer {
  let start = 0;
  while (bytes[start] === 0) start += 1;
  const trimmed = bytes.subarray(start);
  return (trimmed[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.alloc(1), trimmed]) : trimmed;
}

function jwkPart(key: KeyObject, part: "x" | "y" | "n" | "e"): Buffer {
  const text = key.export({ format: "jwk" })[part];
  if (text === undefined) throw new Error(`key has no ${part}`);
  return Buffer.from(text, "base64url");
}
