import fc from "fast-check";
import { loadModule, scanSync } from "libpg-query";
import { beforeAll, describe, expect, it } from "vitest";
import { scan } from "../../src/sql/scanner.ts";

beforeAll(() => loadModule());

function ours(text: string): readonly string[] {
  return scan(text).tokens.map((token) => text.slice(token.start, token.end));
}

/** Texts of libpg-query's own tokens; it joins literals that continue on the next line, and splits `$` from nothing else. */
function theirs(text: string): readonly string[] {
  const bytes = Buffer.from(text);
  const tokens = scanSync(text).tokens.filter((token) => !/COMMENT/.test(token.tokenName));
  return tokens.map((token) => bytes.toString("utf8", token.start, token.end));
}

describe("tokens are PostgreSQL's", () => {
  it.each([
    "SELECT 'it''s', E'a\\'b', U&'d\\0061' , N'n', B'01', X'ff', $$a'b$$, $t$ $$ $t$",
    'SELECT "We""ird", U&"d\\0061t", žluťoučký, _a$1, é',
    "SELECT 1, 1.5, .5, 1e10, 1.5e-3, 0x1F, 0b101, 0o17, 1_000, $1",
    "SELECT a+b, a - -1, a<>b, a!=b, a->>'x', a#>b, a::int, f(x => 1), a[1:2], -- c\n b /* n /* e */ s */ * 2",
    "SELECT @-1, a||b, a~*b, a!~~*b, +-1, a@-b, a*-1, a/-- c\n2, a*/* c */2",
    "x := 1; a .. b; t.*",
  ])("%s", (text) => {
    expect(ours(text)).toEqual(theirs(text));
  });

  it("for any mix of fragments that scans", () => {
    const fragment = fc.constantFrom(
      "a",
      "B1",
      "'x'",
      "E'\\''",
      '"q"',
      "$$z$$",
      "$1",
      "1.5",
      "+",
      "-",
      "*",
      "/",
      "<",
      "=",
      "@",
      "(",
      ")",
      ";",
      ",",
      "::",
      " ",
      "\n",
      "--c\n",
      "/*c*/",
      "é",
    );
    fc.assert(
      fc.property(fc.array(fragment, { maxLength: 12 }), (fragments) => {
        const text = ["a", ...fragments].join("");
        // literals that continue after a line's end are one token there and two here
        fc.pre(!/'\s*\n\s*'|'--c\n/.test(text) && scan(text).broken === null);
        let expected: readonly string[];
        try {
          expected = theirs(text);
        } catch {
          return;
        }
        expect(ours(text)).toEqual(expected);
      }),
      { numRuns: 500, seed: 3 },
    );
  });

  it.each([
    ["a quote", "SELECT 'a", 7],
    ["an identifier", 'SELECT "a', 7],
    ["a dollar quote", "SELECT $$a", 7],
    ["a comment", "SELECT /* a", 7],
    ["an escape string", "SELECT E'a\\'", 7],
  ])("%s without an end breaks the text where it begins", (_name, text, at) => {
    expect(scan(text).broken?.at).toBe(at);
  });
});
