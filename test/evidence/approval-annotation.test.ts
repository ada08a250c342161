import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Approval,
  formatApproval,
  isExpired,
  mergeApproval,
  parseApproval,
  parseTime,
  signedText,
} from "../../src/evidence/approval-annotation.ts";

const one = `sha256:${"1".repeat(64)}`;
const two = `sha256:${"2".repeat(64)}`;
const plain: Approval = { digests: [one], at: null, until: null, ref: null, sig: null };
const noDigest = "it must begin with sha256: and 64 small hex digits, more after a comma";
const noField = "after a semicolon only at=, until=, ref= and sig= may follow";
const noTime = (field: string) => `${field}= is not an RFC 3339 time`;

describe("what is an approval", () => {
  it.each<[string, string, Approval]>([
    ["one digest", one, plain],
    ["white space around it", `  ${one} `, plain],
    ["two digests", `${one},${two}`, { ...plain, digests: [one, two] }],
    ["two digests with a space between", `${one}, ${two}`, { ...plain, digests: [one, two] }],
    ["a time limit", `${one}; until=2026-12-24T18:00:00Z`, { ...plain, until: "2026-12-24T18:00:00Z" }],
    ["a time zone", `${one};until=2026-12-24T18:00:00.5+01:00`, { ...plain, until: "2026-12-24T18:00:00.5+01:00" }],
    [
      "fields in any order",
      `${one}; ref=OPS-1; at=2026-11-24T08:00:00Z`,
      { ...plain, ref: "OPS-1", at: "2026-11-24T08:00:00Z" },
    ],
    [
      "a ticket with an equals sign",
      `${one}; ref=https://t.example.com/?id=1`,
      { ...plain, ref: "https://t.example.com/?id=1" },
    ],
    ["a signature", `${one}; sig=U1NIU0lH==`, { ...plain, sig: "U1NIU0lH==" }],
  ])("%s", (_, value, approval) => {
    expect(parseApproval(value)).toEqual({ kind: "approval", approval });
  });
});

describe("what is none, and why", () => {
  it.each([
    ["nothing", "", noDigest],
    ["a bare yes", "true", noDigest],
    ["a digest cut short", one.slice(0, -1), noDigest],
    ["a digest too long", `${one}0`, noDigest],
    ["capital hex digits", `sha256:${"A".repeat(64)}`, noDigest],
    ["another algorithm", `md5:${"1".repeat(64)}`, noDigest],
    ["a wildcard", "*", noDigest],
    ["a comma too much", `${one},`, noDigest],
    ["digests on lines", `${one}\n${two}`, noDigest],
    ["the same digest twice", `${one},${one}`, "it names a digest twice"],
    ["a semicolon too much", `${one};`, noField],
    ["a misspelt field", `${one}; untill=2026-12-24T18:00:00Z`, noField],
    ["a field in capitals", `${one}; Until=2026-12-24T18:00:00Z`, noField],
    ["a field without a value", `${one}; until`, noField],
    ["a word every object knows", `${one}; constructor=1`, noField],
    ["a field twice", `${one}; ref=A; ref=B`, "it says ref= twice"],
    ["a day without a time", `${one}; until=2026-12-24`, noTime("until")],
    ["no time zone", `${one}; until=2026-12-24T18:00:00`, noTime("until")],
    ["a duration", `${one}; until=7d`, noTime("until")],
    ["the 30th of February", `${one}; at=2026-02-30T00:00:00Z`, noTime("at")],
    ["hour 24", `${one}; at=2026-02-01T24:00:00Z`, noTime("at")],
    ["an empty ticket", `${one}; ref=`, "ref= is not a ticket on one line"],
    ["a ticket on two lines", `${one}; ref=A\nB`, "ref= is not a ticket on one line"],
    ["a signature in armour", `${one}; sig=-----BEGIN SSH SIGNATURE-----`, "sig= is not a base64 SSH signature"],
  ])("%s", (_, value, reason) => {
    expect(parseApproval(value)).toEqual({ kind: "malformed", reason });
  });
});

const digest = fc.stringMatching(/^[0-9a-f]{64}$/).map((hex) => `sha256:${hex}`);
const time = fc
  .date({ min: new Date(0), max: new Date("9999-01-01"), noInvalidDate: true })
  .map((date) => date.toISOString());
const maybe = (text: fc.Arbitrary<string>) => fc.option(text, { nil: null });
const approvals: fc.Arbitrary<Approval> = fc.record({
  digests: fc.uniqueArray(digest, { minLength: 1, maxLength: 5 }),
  at: maybe(time),
  until: maybe(time),
  ref: maybe(fc.stringMatching(/^[!-:<-~]{1,40}$/)),
  sig: maybe(fc.base64String({ minLength: 4 })),
});

it("what is written is read again, whatever it says", () => {
  fc.assert(
    fc.property(approvals, (approval) => {
      expect(parseApproval(formatApproval(approval))).toEqual({ kind: "approval", approval });
    }),
  );
});

it("any text is read without an error, and what is read from it can be written", () => {
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.string().map((text) => `${one}; ${text}`),
      ),
      (value) => {
        const parsed = parseApproval(value);
        if (parsed.kind === "approval") expect(parseApproval(formatApproval(parsed.approval))).toEqual(parsed);
      },
    ),
  );
});

describe("what is signed", () => {
  const full: Approval = {
    digests: [two, one],
    at: "2026-11-24T08:00:00Z",
    until: "2026-12-24T18:00:00Z",
    ref: "OPS-1",
    sig: null,
  };

  it("is this text, to the letter: signatures in people's repositories rest on it", () => {
    expect(signedText("alice", full)).toBe(
      `migration-gate.dev/approval/v1\napprover: alice\ndigest: ${one}\ndigest: ${two}\nat: 2026-11-24T08:00:00Z\nuntil: 2026-12-24T18:00:00Z\nref: OPS-1\n`,
    );
  });

  it.each<[string, string, Approval]>([
    ["another approver", "bob", full],
    ["a digest less", "alice", { ...full, digests: [one] }],
    ["another date", "alice", { ...full, at: "2026-11-24T08:00:01Z" }],
    ["no date", "alice", { ...full, at: null }],
    ["another limit", "alice", { ...full, until: "2027-12-24T18:00:00Z" }],
    ["no limit", "alice", { ...full, until: null }],
    ["another ticket", "alice", { ...full, ref: "OPS-2" }],
  ])("changes with %s", (_, approver, changed) => {
    expect(signedText(approver, changed)).not.toBe(signedText("alice", full));
  });

  it("does not change with the order of digests, nor with the signature itself", () => {
    expect(signedText("alice", { ...full, digests: [one, two], sig: "AAAA" })).toBe(signedText("alice", full));
  });

  it("is never the same for two different approvals", () => {
    fc.assert(
      fc.property(approvals, approvals, (left, right) => {
        const unsigned = (approval: Approval) => ({ ...approval, sig: null, digests: approval.digests.toSorted() });
        const same = JSON.stringify(unsigned(left)) === JSON.stringify(unsigned(right));
        expect(signedText("alice", left) === signedText("alice", right)).toBe(same);
      }),
    );
  });
});

describe("adding a digest to an annotation", () => {
  const now = new Date("2026-11-24T09:00:00Z");
  const soon = "2026-11-25T00:00:00Z";
  const late = "2026-12-25T00:00:00Z";
  const past = "2026-11-23T00:00:00Z";
  const today = "2026-11-24T09:00:00Z";
  it.each<[string, Approval, Approval, Approval]>([
    ["keeps what was approved", plain, { ...plain, digests: [two] }, { ...plain, digests: [one, two] }],
    ["says the same digest once", { ...plain, digests: [one, two] }, plain, { ...plain, digests: [two, one] }],
    [
      "keeps the earlier limit, known",
      { ...plain, until: soon },
      { ...plain, digests: [two], until: late },
      { ...plain, digests: [one, two], until: soon },
    ],
    [
      "keeps the earlier limit, added",
      { ...plain, until: late },
      { ...plain, digests: [two], until: soon },
      { ...plain, digests: [one, two], until: soon },
    ],
    [
      "never takes a limit away",
      { ...plain, until: soon },
      { ...plain, digests: [two] },
      { ...plain, digests: [one, two], until: soon },
    ],
    [
      "never revives what has expired",
      { ...plain, until: past },
      { ...plain, digests: [two] },
      { ...plain, digests: [two] },
    ],
    ["renews the very same digest", { ...plain, until: soon }, { ...plain, until: late }, { ...plain, until: late }],
    [
      "takes the new date and ticket",
      { ...plain, ref: "OLD" },
      { ...plain, digests: [two], at: today, ref: "NEW" },
      { ...plain, digests: [one, two], at: today, ref: "NEW" },
    ],
    [
      "drops a signature, which covered other text",
      { ...plain, sig: "AAAA" },
      { ...plain, digests: [two] },
      { ...plain, digests: [one, two] },
    ],
  ])("%s", (_, known, added, merged) => {
    expect(mergeApproval(known, added, now)).toEqual(merged);
  });
});

it("an approval counts until the second before its limit", () => {
  const approval = { ...plain, until: "2026-11-24T10:00:00+01:00" };
  expect(isExpired(approval, new Date("2026-11-24T08:59:59.999Z"))).toBe(false);
  expect(isExpired(approval, new Date("2026-11-24T09:00:00Z"))).toBe(true);
});

it("every time that RFC 3339 can write is read as JavaScript reads it", () => {
  fc.assert(
    fc.property(time, (text) => {
      expect(parseTime(text)).toBe(Date.parse(text));
    }),
  );
});
