import { describe, expect, test } from "vitest";
import { lines, read, readCommand, type World } from "./reading.ts";

const SQL = { "/m/1.sql": "ONE;\n", "/m/2.sql": "TWO;\n", "/m/README.md": "no" };
const secret = [{ unknown: "from Secret db", secret: { name: "db", key: "password" } }];

type Case = readonly [what: string, script: string, expected: readonly string[], world?: World];

function table(title: string, cases: readonly Case[]): void {
  describe(title, () => {
    const named = cases.map(([what, script, expected, world]) => ({ what, script, expected, world }));
    test.each(named)("$what", ({ script, expected, world }) => {
      expect(lines(read(script, world))).toEqual(expected);
    });
  });
}

table("values", [
  ["a literal, quoted in every way", `psql -c "a \\"b\\"" 'c $d' e\\ f`, ['psql -c [a "b"] [c $d] [e f]']],
  ["an assigned variable", 'X="a b"; psql "$X" $X', ["psql [a b] a b"]],
  ["the container's environment", 'psql "$A"', ["psql one"], { env: { A: "one" } }],
  ["a Secret's value stays unknown", 'psql "x$P"', ["psql [x<from Secret db>]"], { env: { P: secret } }],
  ["a variable nobody sets", 'psql "$A"', ["psql [<$A is not set in the manifest, the image may set it>]"]],
  ["an empty unquoted variable is no argument", 'E=""; psql $E "$E" x', ["psql [] x"]],
  ["a default for an empty variable", `E=""; psql "\${E:-d}" "\${E-d}"`, ["psql d []"]],
  ["a default for an unset variable", `unset E; psql "\${E-d}" "\${E:=f}" "$E"`, ["psql d f f"]],
  [
    "an alternative",
    `E=1; psql "\${E:+yes}" "\${F:+no}"`,
    ["psql yes [<$F is not set in the manifest, the image may set it>]"],
  ],
  ["a required variable", `E=1; psql "\${E:?must be set}"`, ["psql 1"]],
  [
    "a suffix and a prefix cut",
    `E=/m/a.up.sql; psql "\${E%.*}" "\${E%%.*}" "\${E##*/}" "\${E#/}"`,
    ["psql /m/a.up /m/a a.up.sql m/a.up.sql"],
  ],
  ["a length", `E=abc; psql \${#E}`, ["psql 3"]],
  ["arithmetic", "N=4; psql $((N * 2 + 1)) $(( 7 / 2 ))", ["psql 9 3"]],
  [
    "arguments of the script",
    'psql "$1" $# "$@" "$0"; shift; psql "$1"',
    ["psql a 2 a [b c] sh", "psql [b c]"],
    { args: ["a", "b c"] },
  ],
  ["arguments set anew", 'set -- x "y z"; psql "$@" "$*"', ["psql x [y z] [x y z]"]],
  ["a simple array", `A=(x "y z"); psql "\${A[@]}" "\${A[1]}" "\${#A[@]}"`, ["psql x [y z] [y z] 2"]],
  ["fields split at IFS", 'IFS=,; X="a,b c"; psql $X', ["psql a [b c]"]],
  ["appending", "X=a; X+=b; psql $X", ["psql ab"]],
  ["a home directory", "HOME=/root; psql -f ~/x", ["psql -f /root/x"]],
  [
    "what this reader does not work out",
    `X=abc; psql "\${X/a/b}"`,
    [`psql [<\${X/a/b}, which this reader does not work out>]`],
  ],
  ["braces, which sh and bash read differently", "psql {a,b}", ["psql [<{a,b}, which shells read differently>]"]],
]);

table("environment of a command", [
  ["command substitution of a pure program", 'psql -c "$(cat /m/1.sql)"', ["psql -c ONE;"], { files: SQL }],
  ["backticks", "psql `echo a b`", ["psql a b"]],
  ["unknown output", 'psql "$(curl x)"', ["curl x", "psql [<output of curl>]"]],
  [
    "output cut short by exit is unknown",
    'psql "$(echo a; test "$Q" || exit; echo b)"',
    ["psql [<text of commands that may stop early>]"],
  ],
]);

test("a prefix assignment reaches only its command, an export all that follow", () => {
  const { invocations } = read("PGPASSWORD=x psql; export PGHOST=db; PGPORT=1; psql", { env: { A: "1", PGPORT: "5" } });
  expect(invocations.map(({ env }) => Object.fromEntries(env))).toEqual([
    { A: ["1"], PGPORT: ["5"], PGPASSWORD: ["x"] },
    { A: ["1"], PGPORT: ["1"], PGHOST: ["db"] },
  ]);
});

table("files and input", [
  ["a here-document with expansions", "X=t; psql <<EOF\nDROP $X \\$y `echo z`;\nEOF", ["psql << [DROP t $y z;\n]"]],
  ["a here-document without any expansion", "psql <<EOF\na \\$b \\\\ 'c'\nEOF", ["psql << [a $b \\ 'c'\n]"]],
  ["a quoted here-document", "psql <<'EOF'\n$X `x`\nEOF", ["psql << [$X `x`\n]"]],
  ["a here-document with tabs cut", "psql <<-EOF\n\tA;\n\t\tB $((1 + 1));\n\tEOF", ["psql << [A;\nB 2;\n]"]],
  ["a here-string", 'psql <<< "a b"', ["psql << [a b\n]"]],
  ["a mounted file as input", "psql < /m/1.sql", ["psql << [ONE;\n]"], { files: SQL }],
  ["a file of the image as input", "psql < /x.sql", ["psql << ? /x.sql is in the image"]],
  ["a written file", "cat > /tmp/a <<'E'\nA;\nE\necho 'B;' >> /tmp/a; psql < /tmp/a", ["psql << [A;\nB;\n]"]],
  ["a file written by tee", "echo A | tee /tmp/a > /dev/null; psql < /tmp/a", ["psql << [A\n]"]],
  [
    "a file somebody else changes",
    "echo A > /tmp/a; perl -i x /tmp/a; psql < /tmp/a",
    ["perl -i x /tmp/a", "psql << ? may be changed by perl"],
  ],
  ["a copied file", "cp /m/1.sql /tmp; psql < /tmp/1.sql", ["psql << [ONE;\n]"], { files: SQL }],
  [
    "a file with unknown name written",
    'echo A > /tmp/a; echo B > "$F"; psql < /tmp/a',
    ["psql << ? a file whose name is not known was written"],
  ],
  ["a relative path after cd", "cd /m && psql < 1.sql", ["psql << [ONE;\n]"], { files: SQL }],
  ["another descriptor as input", "psql <&3", ["psql << ? another file descriptor"]],
]);

table("pipes", [
  ["files into psql", "cat /m/1.sql /m/2.sql | psql", ["psql << [ONE;\nTWO;\n]"], { files: SQL }],
  ["echo into psql", 'echo "DROP TABLE x;" | psql', ["psql << [DROP TABLE x;\n]"]],
  [
    "echo with a backslash differs between shells",
    "echo 'a\\nb' | psql",
    ["psql << ? what echo makes of its options or backslashes"],
  ],
  ["printf", `printf '%s;\\n' "A B" C | psql`, ["psql << [A B;\nC;\n]"]],
  [
    "envsubst",
    "envsubst < /t.sql | psql",
    ["psql << [DROP x <$B is not set in the manifest, the image may set it>]"],
    { files: { "/t.sql": "DROP $A $\u007bB}" }, env: { A: "x" } },
  ],
  ["base64", "echo RFJPUA== | base64 -d | psql", ["psql << [DROP]"]],
  ["a plain sed", "sed 's/ONE/DROP/' /m/1.sql | psql", ["psql << [DROP;\n]"], { files: SQL }],
  ["tr", "echo 'a b' | tr ' ' '\\n' | psql", ["psql << [a\nb\n]"]],
  ["a group", "{ echo BEGIN\\;; cat /m/1.sql; } | cat - | psql", ["psql << [BEGIN;\nONE;\n]"], { files: SQL }],
  ["a group of known text", "{ echo 'BEGIN;'; cat /m/1.sql; } | psql", ["psql << [BEGIN;\nONE;\n]"], { files: SQL }],
  ["an unknown producer", "gunzip -c x | psql", ["gunzip -c x", "psql << ? output of gunzip"]],
  ["messages on standard error do not travel", "{ echo log >&2; echo A; } | psql", ["psql << [A\n]"]],
  [
    "unless they are sent along",
    "{ echo log >&2; echo A; } 2>&1 | psql",
    ["psql << ? output mixed with error messages"],
  ],
  ["a loop over known files", "for f in /m/*.sql; do cat $f; done | psql", ["psql << [ONE;\nTWO;\n]"], { files: SQL }],
]);

table("loops", [
  [
    "files by pattern",
    'for f in /m/*.sql; do psql -f "$f"; done',
    ["psql -f /m/1.sql", "psql -f /m/2.sql"],
    { files: SQL },
  ],
  [
    "files by ls and sort",
    "for f in $(ls /m/*.sql | sort -r); do psql -f $f; done",
    ["psql -f /m/2.sql", "psql -f /m/1.sql"],
    { files: SQL },
  ],
  [
    "files by find",
    "for f in $(find /m -name '*.sql' | sort); do psql -f $f; done",
    ["psql -f /m/1.sql", "psql -f /m/2.sql"],
    { files: SQL },
  ],
  [
    "a pattern in the image",
    "for f in /x/*.sql; do psql -f $f; done",
    ["psql -f [<the files matching /x/*.sql (/x is in the image)>]"],
  ],
  ["words", "for x in a b; do psql $x; done", ["psql a", "psql b"]],
  ["the arguments", "for x; do psql $x; done", ["psql a", "psql b"], { args: ["a", "b"] }],
  ["until", "until pg_isready; do sleep 1; done; psql", ["pg_isready", "sleep 1", "psql"]],
  [
    "lines read",
    'while read -r l; do psql -c "$l"; done < /m/1.sql',
    ["psql -c [<l, read from the input at run time>] << ? the rest of an input that `read` took lines from"],
    { files: SQL },
  ],
  ["an arithmetic loop", "for ((i = 0; i < 3; i++)); do psql $i; done", ["psql [<i is calculated>]"]],
]);

table("branches are all visited", [
  ["if", "if a; then b; elif c; then d; else e; fi", ["a", "b", "c", "d", "e"]],
  ["case", 'case "$X" in a) one ;; b*) two ;; *) three ;; esac', ["one", "two", "three"]],
  ["and, or", "a && b || c", ["a", "b", "c"]],
  ["after exit", 'if [ -z "" ]; then exit 1; fi; psql', ["psql"]],
  ["not, background, groups, subshells", "! a; b & { c; }; ( d )", ["a", "b", "c", "d"]],
  ["a case that is decided leaves the value alone", "H=db; case $H in *:*) H=x ;; esac; psql $H", ["psql db"]],
  ["a test that is decided", 'H=db; if [ -z "$H" ]; then H=x; fi; psql $H', ["psql db"]],
]);

table("functions and scripts", [
  ["a function with arguments", 'f() { local z="$1"; psql -c "$z"; }; f "a b"; f c', ["psql -c [a b]", "psql -c c"]],
  ["a function that is never called", "f() { psql; }; true", []],
  ["a mounted script", "sh /m/run.sh x", ["psql -c x"], { files: { "/m/run.sh": 'psql -c "$1"' } }],
  [
    "a mounted script run by its path",
    "/m/run.sh x",
    ["psql -c x"],
    { files: { "/m/run.sh": '#!/bin/sh\npsql -c "$1"' } },
  ],
  [
    "a script of another language",
    "/m/run.py",
    ["! program 1: /m/run.py is a script of another language"],
    { files: { "/m/run.py": "#!/usr/bin/python3\n" } },
  ],
  ["a sourced file", ". /m/env.sh; psql $X", ["psql 1"], { files: { "/m/env.sh": "X=1" } }],
  [
    "an unreadable sourced file",
    "X=1; . /etc/env; psql $X",
    [
      "psql [<may be set by /etc/env>]",
      "! program 1: /etc/env is run as a part of the script and cannot be read: /etc/env is in the image",
    ],
  ],
  ["eval of known text", `C='psql -c "a b"'; eval "$C"`, ["psql -c [a b]"]],
  ["a nested shell", "bash -ec 'psql -c \"$1\"' name 'a b'", ["psql -c [a b]"]],
  ["a script on standard input", "echo 'psql -c x' | sh", ["psql -c x << ? what is left of the script"]],
  [
    "a script from elsewhere",
    "curl -s u | sh",
    ["curl -s u", "! program 1: sh runs a script that cannot be read: output of curl"],
  ],
  ["a trap runs with what is set by then", "trap 'psql $X' EXIT; X=1", ["psql [<X, when the trap runs>]"]],
]);

table("wrappers", [
  [
    "env, timeout, nice, nohup, time, command, exec",
    "nice -n 5 nohup timeout -k 5 30 psql a; time psql b; command psql c; exec psql d",
    ["psql a", "psql b", "psql c", "psql d"],
  ],
  ["busybox, a path of the system", "busybox sh -c 'psql x'; /usr/bin/env -u A psql y", ["psql x", "psql y"]],
  [
    "other users",
    "su - postgres -c 'psql a'; su-exec postgres psql b; gosu 70:70 psql c; runuser -u p -- psql d",
    ["psql a", "psql b", "psql c", "psql d"],
  ],
  ["xargs", "ls /m/*.sql | xargs -n 1 psql -f", ["psql -f /m/1.sql << []", "psql -f /m/2.sql << []"], { files: SQL }],
  [
    "xargs with a place for the item",
    "ls /m/*.sql | xargs -I{} sh -c 'psql -f {}'",
    ["psql -f /m/1.sql << []", "psql -f /m/2.sql << []"],
    { files: SQL },
  ],
  ["xargs of unknown input", "ls /x | xargs -n 1 psql -f", ["psql -f [</x is in the image>] << []"]],
  [
    "find -exec",
    "find /m -name '*.sql' -exec psql -f {} \\;",
    ["psql -f /m/1.sql", "psql -f /m/2.sql"],
    { files: SQL },
  ],
  ["a lookup runs nothing", "command -v psql", []],
  ["package runners are left to the tools", "npx prisma migrate deploy", ["npx prisma migrate deploy"]],
]);

describe("origins", () => {
  test("an invocation stands on the line of its command, a here-document on its own", () => {
    const { invocations } = read("set -e\n\nX=1 psql -c a\npsql <<E\nB;\nE\n");
    expect(invocations.map(({ origin }) => origin.line)).toEqual([3, 4]);
    const stdin = invocations[1]?.stdin;
    expect(stdin?.kind === "text" && stdin.origin).toEqual({ object: "Job mig", key: "args[0]", line: 5 });
  });

  test("text of one file keeps the file's origin, also through cat and a written copy", () => {
    const { invocations } = read("cat /m/1.sql | psql; cat /m/1.sql > /tmp/x; psql < /tmp/x", { files: SQL });
    const keys = invocations.map(({ stdin }) => stdin.kind === "text" && stdin.origin.key);
    expect(keys).toEqual(["/m/1.sql", "/m/1.sql"]);
  });

  test("commands of a mounted script stand in that script", () => {
    const { invocations } = read("sh /m/run.sh", { files: { "/m/run.sh": "\npsql" } });
    expect(invocations[0]?.origin).toEqual({ object: "ConfigMap sql", key: "/m/run.sh", line: 2 });
  });

  test("an invocation reads mounted and written files from its own directory", () => {
    const { invocations } = read("cd /m\necho A > /tmp/a\npsql", { files: SQL });
    const files = invocations[0]?.files;
    expect(files?.read("1.sql").kind).toBe("text");
    expect(files?.read("/tmp/a")).toMatchObject({ kind: "text", text: ["A\n"] });
    expect(files?.list(".")).toMatchObject({ kind: "known" });
  });
});

describe("whether a failure ends the script", () => {
  const cases: readonly (readonly [script: string, stops: readonly boolean[]])[] = [
    ["a; b", [false, true]],
    ["set -e; a; b", [true, true]],
    ["set -e; if a; then b; fi", [false, true]],
    ["set -e; a || true; b", [false, true]],
    ["a || exit 1; b || { echo no; exit 2; }; c", [true, true, true]],
    ["a && b", [true, true]],
    ["set -e; a | b; c", [false, true, true]],
    ["set -euo pipefail; a | b", [true, true]],
    ["set -e; set +e; a; b", [false, true]],
    ["! a", [false]],
    ["while a; do b; done", [false, false]],
    ["set -e; f() { a; }; f || true; f", [false, true]],
    ["exec a", [true]],
    ["set -e; a & wait", [false]],
  ];
  test.each(cases)("%s", (script, stops) => {
    expect(read(script).invocations.map(({ failureStops }) => failureStops)).toEqual(stops);
  });

  test("a container's command without a shell, and options of the shell", () => {
    expect(readCommand(["psql"]).invocations[0]?.failureStops).toBe(true);
    expect(readCommand(["sh", "-ec", "a; b"]).invocations.map((each) => each.failureStops)).toEqual([true, true]);
  });
});

table("commands in places where none is looked for", [
  ["a set of characters", "echo [$(psql -c x)] hi", ["psql -c x"]],
  ["an index that is assigned", "a[$(psql -c x)]=1", ["psql -c x"]],
  ["a slice", `echo \${v:$(psql -c x):1}`, ["psql -c x"]],
  ["a pattern to replace, and its replacement", `echo \${v/$(psql -c x)/$(psql -c y)}`, ["psql -c x", "psql -c y"]],
  ["the head of an arithmetic loop", "for ((i=$(psql -c x); i<1; i++)); do :; done", ["psql -c x"]],
  ["an index that is tested", "[[ -v a[$(psql -c x)] ]]", ["psql -c x"]],
  ["a file as a substitution", 'psql -c "$(</m/1.sql)"', ["psql -c ONE;"], { files: SQL }],
]);

describe("what bends a script from inside", () => {
  test.each([
    ["a prompt that runs commands", "PS4='$(x) '; set -x; psql -c x", "PS4 is set to something that runs commands"],
    ["a start-up file of psql", "echo x > ~/.psqlrc; psql -c x", "/.psqlrc, which runs before what is read here"],
    ["a start-up file of one version", "cat x > $HOME/.psqlrc-17; psql -c x", "/.psqlrc-17, which runs before"],
    [
      "a value that is calculated again",
      "x='a[$(psql -c x)]'; echo $((x))",
      "a calculation with $x, which holds commands",
    ],
    [
      "a file among the programs",
      "cat x > /usr/local/bin/psql; psql",
      "writes /usr/local/bin/psql, where programs live",
    ],
    ["a copy among the programs", "cp x /usr/local/bin/; psql", "writes /usr/local/bin/, where programs live"],
    ["a client's name in an unknown folder", 'cp x "$D/psql"; psql', "where programs live"],
    ["a client's name after cd", "cd /usr/bin; cp x psql; psql", "where programs live"],
    ["a download among the programs", "cd /usr/bin && curl -O http://x/y; psql", "where programs live"],
    ["a client taken away", "rm -f /usr/bin/psql; psql", "writes /usr/bin/psql"],
  ])("%s is reported", (_, script, reason) => {
    expect(
      read(script)
        .opaque.map((found) => found.reason)
        .join("\n"),
    ).toContain(reason);
  });

  test.each([
    ["an ordinary prompt", "PS4='+ '; set -x; psql -c x"],
    ["what is read among the programs", "cp /usr/share/x /tmp/; cat /etc/os-release; psql -c x"],
    ["a log in an unknown folder", 'psql -c x > "$D/log"; rm -rf "$D" /tmp/x'],
  ])("%s is not", (_, script) => {
    expect(read(script).opaque).toEqual([]);
  });

  test("what is written into >( … ) is what the command there reads", () => {
    expect(read("echo x > >(psql)").invocations[0]?.stdin).toMatchObject({ kind: "unknown" });
  });

  test("a file that psql -o writes is not known any more", () => {
    const [, run] = read("echo a > /tmp/x; psql -o /tmp/x -c y; psql -f /tmp/x").invocations;
    expect(run?.files.read("/tmp/x")).toMatchObject({ kind: "unknown" });
  });
});
