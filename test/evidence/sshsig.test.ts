import { describe, expect, it } from "vitest";
import { publicKeyProblem, verifySshSignature } from "../../src/evidence/sshsig.ts";
import { ecdsaSigner, ed25519Signer, rsaSigner, tokenSigner } from "./ssh-signer.ts";
import recorded from "./sshsig-by-ssh-keygen.json" with { type: "json" };

const namespace = "migration-gate.dev";
const text = "approver: alice\ndigest: sha256:1\n";
const made = (name: string) => {
  const found = recorded.signatures.find((signature) => signature.name === name);
  if (found === undefined) throw new Error(`no recorded signature ${name}`);
  return { signature: found.signature, text: recorded.text, namespace, keys: [found.publicKey] };
};
const reasonOf = (claim: Parameters<typeof verifySshSignature>[0]) => {
  const result = verifySshSignature(claim);
  return result.verified ? "verified" : result.reason;
};

const notWhole = "it is no whole SSH signature";
const otherPurpose = "it was made for another purpose";
const otherKey = "it was made with a key that the policy does not list for this approver";
const doesNotFit = "it does not fit what the annotation says";

describe("signatures made by ssh-keygen", () => {
  it.each([
    "ed25519 sha256",
    "ed25519 sha512",
    "ed25519 by agent",
    "ecdsa256 sha256",
    "ecdsa256 sha512",
    "ecdsa384 sha512",
    "ecdsa521 sha512",
    "rsa sha256",
    "rsa sha512",
  ])("%s holds, and not for a text with one letter more", (name) => {
    expect(reasonOf(made(name))).toBe("verified");
    expect(reasonOf({ ...made(name), text: `${recorded.text} ` })).toBe(doesNotFit);
  });

  it.each([
    ["made for git, not for approvals", made("ed25519 for git"), otherPurpose],
    ["by a 1024 bit RSA key", made("rsa1024 sha512"), "an RSA key under 2048 bits proves nothing"],
    ["by a DSA key", made("dsa sha512"), "its type is not ed25519, ecdsa or rsa"],
    ["by a key the policy does not list", { ...made("rsa sha512"), keys: made("ed25519 sha512").keys }, otherKey],
    ["where the policy lists no key", { ...made("rsa sha512"), keys: [] }, otherKey],
  ])("%s proves nothing", (_, claim, reason) => {
    expect(reasonOf(claim)).toBe(reason);
  });

  it("one of several keys of the approver is enough", () => {
    const claim = made("ecdsa256 sha512");
    expect(reasonOf({ ...claim, keys: [...made("rsa sha512").keys, ...claim.keys] })).toBe("verified");
  });
});

describe("signatures made here, part by part", () => {
  it.each([
    ["ed25519", ed25519Signer()],
    ["ecdsa", ecdsaSigner()],
    ["rsa-sha2-256", rsaSigner("rsa-sha2-256")],
    ["rsa-sha2-512", rsaSigner("rsa-sha2-512")],
  ])("%s holds", (_, signer) => {
    const claim = { signature: signer.signature(text), text, namespace, keys: [signer.publicKey] };
    expect(reasonOf(claim)).toBe("verified");
  });

  const alice = ed25519Signer();
  const mallory = ed25519Signer();
  const sha1 = rsaSigner("ssh-rsa");
  const token = tokenSigner();
  const keyOf = (line: string) => Buffer.from(line.split(" ")[1] ?? "", "base64");
  const claimOf = (signature: string, key = alice.publicKey) => ({ signature, text, namespace, keys: [key] });

  it.each([
    ["another magic", claimOf(alice.signature(text, { magic: "SSHSIC" })), notWhole],
    ["version 2", claimOf(alice.signature(text, { version: 2 })), notWhole],
    ["bytes after the end", claimOf(alice.signature(text, { trailing: Buffer.from([0, 0, 0, 0]) })), notWhole],
    ["no base64", claimOf("not base64!"), notWhole],
    ["nothing", claimOf(""), notWhole],
    ["another namespace", claimOf(alice.signature(text, { namespace: "git" })), otherPurpose],
    [
      "a namespace that only begins alike",
      claimOf(alice.signature(text, { namespace: `${namespace}.evil` })),
      otherPurpose,
    ],
    ["hash md5", claimOf(alice.signature(text, { hash: "md5" })), "its hash is neither sha256 nor sha512"],
    ["hash sha1", claimOf(alice.signature(text, { hash: "sha1" })), "its hash is neither sha256 nor sha512"],
    ["mallory's signature under mallory's key", claimOf(mallory.signature(text)), otherKey],
    [
      "mallory's signature under alice's key",
      claimOf(mallory.signature(text, { publicKey: keyOf(alice.publicKey) })),
      doesNotFit,
    ],
    ["an RSA signature with SHA-1", claimOf(sha1.signature(text), sha1.publicKey), doesNotFit],
    ["an algorithm that is not the key's", claimOf(alice.signature(text, { algorithm: "rsa-sha2-512" })), doesNotFit],
    ["an unknown algorithm", claimOf(alice.signature(text, { algorithm: "none" })), doesNotFit],
    [
      "a key on a security token",
      claimOf(token.signature(text), token.publicKey),
      "keys on security tokens (sk-…) are not built yet; use ed25519, ecdsa or rsa",
    ],
  ])("%s proves nothing", (_, claim, reason) => {
    expect(reasonOf(claim)).toBe(reason);
  });

  it("cut at any byte, or with any byte changed, it proves nothing", () => {
    const whole = Buffer.from(alice.signature(text), "base64");
    for (let length = 0; length < whole.length; length++) {
      expect(reasonOf(claimOf(whole.toString("base64", 0, length)))).toBe(notWhole);
    }
    for (let index = 0; index < whole.length; index++) {
      const changed = Buffer.from(whole);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(reasonOf(claimOf(changed.toString("base64"))), `byte ${index}`).not.toBe("verified");
    }
  });
});

describe("lines that may be an approver's key", () => {
  it.each([
    ["a line of a .pub file", made("ed25519 sha512").keys[0], null],
    ["without a comment", made("ed25519 sha512").keys[0]?.replace(/ [^ ]*$/, ""), null],
    ["nothing", "", "it is no OpenSSH public key"],
    ["a private key's first line", "-----BEGIN OPENSSH PRIVATE KEY-----", "it is no OpenSSH public key"],
    [
      "another type in front",
      made("ed25519 sha512").keys[0]?.replace("ssh-ed25519", "ssh-rsa"),
      "it is no OpenSSH public key",
    ],
    ["options in front", `cert-authority ${made("ed25519 sha512").keys[0]}`, "it is no OpenSSH public key"],
    ["a DSA key", made("dsa sha512").keys[0], "its type is not ed25519, ecdsa or rsa"],
    ["a short RSA key", made("rsa1024 sha512").keys[0], "an RSA key under 2048 bits proves nothing"],
    [
      "a key on a security token",
      tokenSigner().publicKey,
      "keys on security tokens (sk-…) are not built yet; use ed25519, ecdsa or rsa",
    ],
    ["a key cut short", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICNWjVXr", "it is no OpenSSH public key"],
  ])("%s", (_, line, problem) => {
    expect(publicKeyProblem(line ?? "")).toBe(problem);
  });
});
