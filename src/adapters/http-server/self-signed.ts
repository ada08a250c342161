import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/**
 * Makes a certificate for `names` (host names) that signs itself, valid for `days` from `now`. PEM; the key never touches a
 * disk. Node can read certificates but not make them, and a dependency for six ASN.1 shapes is not worth its weight.
 */
export function selfSignedPair(names: readonly string[], now: Date, days = 7): { key: string; cert: string } {
  const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const serial = positive(randomBytes(16));
  // A name of its own: two certificates of one name cannot both be trusted while one takes over from the other.
  const name = commonName(`migration-gate ${serial.toString("hex").slice(0, 8)}`);
  const content = sequence(
    explicit(0, integer(Buffer.from([2]))), // X.509 v3
    integer(serial),
    ecdsaWithSha256,
    name,
    sequence(time(new Date(now.getTime() - 3_600_000)), time(new Date(now.getTime() + days * 86_400_000))),
    name,
    publicKey.export({ type: "spki", format: "der" }),
    explicit(3, sequence(authority, subjectAlternativeNames(names))),
  );
  const cert = sequence(content, ecdsaWithSha256, bits(sign("sha256", content, privateKey)));
  return { key: pem(privateKey), cert: armored(cert) };
}

function pem(key: KeyObject): string {
  return key.export({ type: "pkcs8", format: "pem" }).toString();
}

function armored(der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}

/** ASN.1 in DER: a tag, the length, the content. */
function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const length = body.length < 128 ? [body.length] : [0x82, body.length >> 8, body.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), body]);
}

function sequence(...content: readonly Buffer[]): Buffer {
  return der(0x30, ...content);
}

function explicit(tag: number, content: Buffer): Buffer {
  return der(0xa0 | tag, content);
}

function integer(bytes: Buffer): Buffer {
  return der(0x02, bytes);
}

/** DER integers are signed: the first byte must be neither 0 nor above 0x7f. */
function positive(bytes: Buffer): Buffer {
  return Buffer.concat([Buffer.from([0x40 | ((bytes[0] ?? 0) & 0x3f)]), bytes.subarray(1)]);
}

function bits(content: Buffer): Buffer {
  return der(0x03, Buffer.from([0]), content);
}

/** GeneralizedTime in whole seconds, as RFC 5280 wants it from 2050 on; before that UTCTime with two digits of the year. */
function time(moment: Date): Buffer {
  const digits = moment.toISOString().replace(/[-:T]|\.\d+/g, "");
  return moment.getUTCFullYear() < 2050 ? der(0x17, Buffer.from(digits.slice(2))) : der(0x18, Buffer.from(digits));
}

function commonName(name: string): Buffer {
  const identifier = Buffer.from("0603550403", "hex");
  return sequence(der(0x31, sequence(identifier, der(0x0c, Buffer.from(name)))));
}

const ecdsaWithSha256 = sequence(Buffer.from("06082a8648ce3d040302", "hex"));

/** basicConstraints CA:TRUE, critical: a client can trust exactly this certificate as its own authority. */
const authority = sequence(
  Buffer.from("0603551d13", "hex"),
  Buffer.from("0101ff", "hex"),
  der(0x04, sequence(Buffer.from("0101ff", "hex"))),
);

function subjectAlternativeNames(names: readonly string[]): Buffer {
  const entries = names.map((name) => {
    const address = /^\d+\.\d+\.\d+\.\d+$/.test(name) ? Buffer.from(name.split(".").map(Number)) : null;
    return address === null ? der(0x82, Buffer.from(name)) : der(0x87, address);
  });
  return sequence(Buffer.from("0603551d11", "hex"), der(0x04, sequence(...entries)));
}
