import { parse } from "unbash";
import { describe, expect, test } from "vitest";
import { lines, read, type World } from "./reading.ts";

/** Scripts in which a reader that follows one way, or forgets a shell's rule, would report a wrong value. */
const cases: readonly (readonly [what: string, script: string, expected: readonly string[], world?: World])[] = [
  [
    "a variable set in one branch",
    'X=a; if q; then X=b; fi; psql -c "$X"',
    ["q", "psql -c [<X is set differently in branches>]"],
  ],
  ["the same value in both branches is known", "if q; then X=a; else X=a; fi; psql $X", ["q", "psql a"]],
  [
    "set after && or ||",
    "X=a; q && X=b; psql $X; Y=a; q || Y=b; psql $Y",
    ["q", "psql [<X is set differently in branches>]", "q", "psql [<Y is set differently in branches>]"],
  ],
  ["set in a case", "X=a; case $(q) in b) X=b ;; esac; psql $X", ["q", "psql [<X is set differently in branches>]"]],
  [
    "a case that falls through",
    "X=a; case a in a) X=b ;& c) X=c ;; esac; psql $X",
    ["psql [<X is set differently in branches>]"],
  ],
  [
    "carried from turn to turn of a loop",
    "X=a; while q; do psql $X; X=b; done; psql $X",
    ["q", "psql [<X is changed in a loop>]", "psql [<X is changed in a loop>]"],
  ],
  [
    "carried through two variables",
    "A=1; B=1; while q; do psql $A; A=$B; B=2; done",
    ["q", "psql [<A is changed in a loop>]"],
  ],
  [
    "left by break",
    "for i in 1 2; do X=a; q && break; X=b; done; psql $X",
    ["q", "q", "psql [<X is changed in a loop>]"],
  ],
  [
    "left by continue",
    "for i in 1; do X=a; q && continue; X=b; done; psql $X",
    ["q", "psql [<X is changed in a loop>]"],
  ],
  [
    "left by return",
    "f() { X=a; q && return; X=b; }; f; psql $X",
    ["q", "psql [<X is set differently before a return>]"],
  ],
  ["a subshell keeps its assignment to itself", "X=a; (X=b; psql $X); psql $X", ["psql b", "psql a"]],
  ["so does a pipeline", "X=a; echo b | read X; X=c | true; psql $X", ["psql a"]],
  ["and a command substitution", 'X=a; Y="$(X=b; echo 1)"; psql $X $Y', ["psql a 1"]],
  ["and a nested shell", "X=a; sh -c 'X=b'; psql $X", ["psql a"]],
  [
    "not exported, so not seen by a nested shell",
    "X=a; sh -c 'psql $X'",
    ["psql [<$X is not set in the manifest, the image may set it>]"],
  ],
  ["a group and a function do not", "X=a; { X=b; }; f() { X=c$X; }; f; psql $X", ["psql cb"]],
  ["local is restored", "X=a; f() { local X=b; }; f; psql $X", ["psql a"]],
  [
    "local in a branch may not be",
    "X=a; f() { q && local X; X=b; }; f; psql $X",
    ["q", "psql [<X may be a function's own>]"],
  ],
  ["a background job", "X=a; { X=b; } & psql $X", ["psql a"]],
  ["a function in place of psql", `psql() { command psql -c "DROP"; }; psql -c "SELECT"`, ["psql -c DROP"]],
  ["a function that may be defined", "if q; then psql() { evil; }; fi; psql -c x", ["q", "evil", "psql -c x"]],
  ["a function that is taken away", "psql() { evil; }; unset -f psql; psql -c x", ["psql -c x"]],
  ["an alias", "alias psql=evil; psql -c x", ["psql -c x", "! untrusted 1: an alias changes which commands run"]],
  [
    "PATH",
    "PATH=/m:$PATH; psql",
    ["psql", "! untrusted 1: PATH is changed: other programs than the named ones may run"],
  ],
  [
    "PATH for one command",
    "PATH=/m psql",
    ["psql", "! untrusted 1: PATH is changed: other programs than the named ones may run"],
  ],
  ["PATH with more at its end finds the same psql", 'export PATH="$PATH:/opt/bin"; psql', ["psql"]],
  [
    "LD_PRELOAD by env",
    "env LD_PRELOAD=/m/x.so psql",
    ["psql", "! untrusted 1: LD_PRELOAD is changed: other programs than the named ones may run"],
  ],
  [
    "a command with an unknown name",
    "$CMD -c x",
    [
      "[<$CMD is not set in the manifest, the image may set it>] -c x",
      "! program 1: a command whose name is not known: <$CMD is not set in the manifest, the image may set it>",
    ],
  ],
  [
    "eval of unknown text",
    'X=a; eval "$(q)"; psql $X',
    ["q", "psql [<set by eval of unknown text>]", "! dynamic 1: eval of text that is not known: <output of q>"],
  ],
  ["read", "X=a; read X; psql $X", ["psql [<X, read from the input at run time>]"]],
  [
    "printf -v, arithmetic, getopts",
    "X=a; Y=1; Z=a; printf -v X b; ((Y++)); getopts a Z; psql $X $Y $Z",
    ["psql [<X, set by printf -v>] [<Y is calculated>] [<Z, read from the input at run time>]"],
  ],
  ["let", "X=1; let X=2; psql $X", ["psql [<calculated by let>]"]],
  ["a reference", "X=a; declare -n R=X; R=b; psql $X", ["psql [<reached through a reference (declare -n)>]"]],
  ["an integer", "declare -i X; X=1+1; psql $X", ["psql [<$X has attributes this reader does not follow>]"]],
  [
    "an array by index and by name",
    `A[1]=x; declare -A M=([k]=v); psql "\${A[1]}" "\${M[k]}"`,
    [`psql [<\${A[1]}, an item of an array>] [<\${M[k]}, an item of an array>]`],
  ],
  ["a readonly variable assigned again", "readonly X=a; X=b; psql $X", ["psql [<X is readonly and assigned again>]"]],
  [
    "a default assigned in an undecided place",
    `B=; psql "\${A:-\${B:=x}}" "$B"`,
    ["psql [<$A is not set in the manifest, the image may set it>] [<B is set by a default that may not be used>]"],
  ],
  [
    "a variable that a Secret taken as a whole may define",
    "psql $A; A=a; psql $A",
    ["psql [<from Secret all>]", "psql a"],
    { env: { "*": [{ unknown: "from Secret all" }] } },
  ],
  ["an indirect variable", `X=Y; Y=a; psql "\${!X}"`, [`psql [<\${!X}, an indirect variable>]`]],
  ["set by a prefix of a special builtin", "X=a; X=b eval true; psql $X", ["psql [<X was set for one command>]"]],
  [
    "a file written over a mounted one",
    "echo 'SELECT 1' > /m/1.sql; psql < /m/1.sql",
    ["psql << ? /m/1.sql is mounted and the script writes over it"],
    { files: { "/m/1.sql": "DROP" } },
  ],
  [
    "a file written in one branch",
    "q && echo A > /tmp/x; psql < /tmp/x",
    ["q", "psql << ? /tmp/x is set differently in branches"],
  ],
  [
    "a file read while it is written",
    "echo A > /tmp/x; cat /tmp/x > /tmp/x; psql < /tmp/x",
    ["psql << ? /tmp/x is being written"],
  ],
  [
    "input that another command may have read",
    "{ head -n 1; psql; } < /m/1.sql",
    ["psql << ? what another command left of the input"],
    { files: { "/m/1.sql": "A\nB" } },
  ],
  [
    "cd that may fail",
    "cd /nowhere; psql < 1.sql",
    ["psql << ? a relative path, and the working directory is not known"],
    { files: { "/m/1.sql": "A" }, workingDir: "/m" },
  ],
  [
    "an unquoted value that may be several arguments",
    "psql -U $U",
    ["psql -U [<from Secret>]"],
    { env: { U: [{ unknown: "from Secret" }] } },
  ],
  [
    "special variables",
    "RANDOM=1; psql $RANDOM $? $$",
    ["psql [<$RANDOM changes at run time>] [<$? is set at run time>] [<$$ is set at run time>]"],
  ],
  ["a process substitution", "psql -f <(cat /m/1.sql)", ["psql -f [<a process substitution>]"]],
  ["a coprocess", "coproc psql", ["psql", "! dynamic 1: a coprocess, which this reader does not follow"]],
  [
    "a function handed to a nested bash",
    `psql() { evil; }; export -f psql; bash -c "psql -c x"`,
    [
      "psql -c x",
      "! untrusted 1: a function is handed to the programs that run: they may run it in place of a command",
    ],
  ],
  [
    "the shell's own output sent to a file",
    'X=$(exec > /tmp/x; echo a); psql "$X"',
    ["psql [<text of commands that may stop early>]"],
  ],
  [
    "an option that changes patterns",
    "shopt -s nullglob; psql",
    ["psql", "! dynamic 1: the shell option nullglob changes how the script is read"],
  ],
];

test.each(cases.map(([what, script, expected, world]) => ({ what, script, expected, world })))("$what", (each) => {
  const { script, expected, world } = each;
  expect(lines(read(script, world))).toEqual(expected);
});

test("an unknown value outside quotes says that it may split, inside it does not", () => {
  const { invocations } = read('psql $U "$U"', { env: { U: [{ unknown: "from Secret" }] } });
  expect(invocations[0]?.argv.slice(1)).toEqual([
    [{ unknown: "from Secret", splits: true }],
    [{ unknown: "from Secret" }],
  ]);
});

describe("what cannot be read", () => {
  test("a value pasted into the script before the shell reads it is named", () => {
    const reading = read(['psql -U "', { unknown: "Secret db user" }, '" -c x; echo ', { unknown: "Secret db user" }]);
    expect(lines(reading)).toEqual([
      "psql -U [<Secret db user>] -c x",
      '! untrusted 1: Secret db user is pasted into the script before the shell reads it: use "$NAME" in place of $(NAME)',
    ]);
  });

  test("a script that is not known at all is opaque", () => {
    expect(lines(read([{ unknown: "from ConfigMap x, which is missing" }]))).toEqual([
      "! program 1: the script is not known: <from ConfigMap x, which is missing>",
    ]);
  });

  test("what parses is reported beside a syntax error, with its line", () => {
    expect(lines(read("psql -c a\nif b; then c"))).toEqual([
      "psql -c a",
      "b",
      "c",
      "! unreadable 2: a part of the script that cannot be read: expected 'fi' to close 'if'",
    ]);
  });

  test("errors inside a substitution are found", () => {
    const { opaque } = read('psql -c a\npsql -c "$(if)"');
    expect(opaque.map(({ kind, origin }) => [kind, origin.line])).toEqual([
      ["unreadable", 2],
      ["unreadable", 2],
    ]);
  });

  test("a script that is too long, or holds this reader's marks", () => {
    expect(read("#".repeat(65_537)).opaque).toMatchObject([{ kind: "unreadable" }]);
    expect(read("psql \uE000").opaque).toMatchObject([{ kind: "unreadable" }]);
  });

  test("shells in shells more than five deep", () => {
    const script = "sh -c '$S'";
    let nested = "psql";
    for (let depth = 0; depth < 6; depth += 1) nested = `eval ${JSON.stringify(nested).replaceAll("$", "\\$")}`;
    expect(read(nested).opaque).toMatchObject([
      { kind: "unreadable", reason: "scripts within scripts more than 5 deep" },
    ]);
    expect(read(script).opaque).toMatchObject([{ kind: "program" }]);
  });

  test("a script that calls itself, and a function that does", () => {
    expect(read("sh /m/a.sh", { files: { "/m/a.sh": "sh /m/a.sh; psql" } }).opaque).toMatchObject([
      { kind: "unreadable" },
    ]);
    expect(read("f() { f; psql; }; f").opaque).toMatchObject([{ kind: "dynamic" }]);
  });
});

describe("abuse", () => {
  const loops = `${"for a in 1 2 3 4 5 6 7 8; do ".repeat(8)}psql; ${"done; ".repeat(8)}`;
  const whiles = `${"while q; do X=$X$X; ".repeat(12)}psql $X; ${"done; ".repeat(12)}`;
  const growing = `X=0123456789; ${"X=$X$X$X$X; ".repeat(100)} psql $X`;
  const functions = Array.from({ length: 30 }, (_, at) => `f${at}() { f${at + 1}; f${at + 1}; };`).join(" ");
  const scripts: readonly (readonly [string, string])[] = [
    ["nested substitutions", `echo ${"$(".repeat(3_000)}`],
    ["closed nested substitutions", `psql ${"$(echo ".repeat(200)}${")".repeat(200)}`],
    ["60 kB of quotes", `'"`.repeat(30_000)],
    ["60 kB of parentheses", "(".repeat(60_000)],
    ["60 kB of backticks", `psql ${"`".repeat(60_000)}`],
    ["nested loops", loops],
    ["nested undecided loops", whiles],
    ["a value that doubles", growing],
    ["functions that call twice", `${functions} f30() { psql; }; f0`],
    ["a pattern made to be slow", `case ${"a".repeat(2_000)} in ${"*a".repeat(500)}b) X=1 ;; esac; psql`],
    ["many options", `set ${"-e ".repeat(20_000)}; psql`],
    ["many cases", `case $X in ${"a) ;; ".repeat(10_000)} esac; psql`],
    ["a long bracket", `case x in [${"a".repeat(60_000)}]) ;; esac; psql`],
    ["many commands in a chain", `${"a && ".repeat(9_000)} psql`],
    ["many pipes", `${"cat | ".repeat(9_000)} psql`],
    ["many files", `for f in /m/*; do psql -f $f; done`],
  ];
  const files = Object.fromEntries(Array.from({ length: 3_000 }, (_, at) => [`/m/${at}.sql`, "A"]));

  test.each(scripts)("%s: an answer in time, and nothing known without a limit being named", (_what, script) => {
    const reading = read(script, { files });
    expect(reading.invocations.length).toBeLessThanOrEqual(2_000);
    expect(reading.invocations.length + reading.opaque.length).toBeGreaterThan(0);
  });

  test("a script that runs too many commands says so", () => {
    expect(read(loops).opaque).toMatchObject([{ kind: "unreadable" }]);
  });

  test("the parser is the pinned one: a change of its tree shows here", () => {
    expect(parse("a b").commands[0]?.command).toMatchObject({ type: "Command", name: { value: "a" } });
  });
});
