/**
 * What each meta-command of psql does to the reading of a script (parser.md section 6). A command that is not listed is
 * opaque, so a new psql cannot bring a silent one.
 */
export type CommandKind =
  | { readonly kind: "drop" } // changes nothing that runs
  | { readonly kind: "end" } // sends the statement before it
  | { readonly kind: "opaque"; readonly reason: string; readonly ends: boolean }
  | {
      readonly kind:
        | "set"
        | "unset"
        | "ask"
        | "include"
        | "connect"
        | "branch"
        | "copy"
        | "output"
        | "encoding"
        | "reset";
    };

const dropped =
  /^(?:a|bind|bind_named|C|close_prepared|conninfo|copyright|d[A-Za-z]*[S+x]*|echo|endpipeline|errverbose|f|flush|flushrequest|getresults|h|H|help|html|l[+x]*|list[+x]*|lo_export|lo_import|lo_list[+]?|p|print|pset|q|qecho|quit|restrict|s|setenv|sf[+]?|startpipeline|sv[+]?|syncpipeline|t|T|timing|unrestrict|warn|x|z[Sx]*|\?)$/;

const opaque: Readonly<Record<string, string>> = {
  "!": "runs a program in the container",
  cd: "changes the directory that \\i reads from",
  e: "opens an editor",
  edit: "opens an editor",
  ef: "opens an editor",
  ev: "opens an editor",
  lo_unlink: "deletes a large object",
  password: "changes a password",
};

const kinds: Readonly<Record<string, CommandKind>> = {
  set: { kind: "set" },
  unset: { kind: "unset" },
  prompt: { kind: "ask" },
  getenv: { kind: "ask" },
  i: { kind: "include" },
  include: { kind: "include" },
  ir: { kind: "include" },
  include_relative: { kind: "include" },
  c: { kind: "connect" },
  connect: { kind: "connect" },
  if: { kind: "branch" },
  elif: { kind: "branch" },
  else: { kind: "branch" },
  endif: { kind: "branch" },
  copy: { kind: "copy" },
  o: { kind: "output" },
  out: { kind: "output" },
  w: { kind: "output" },
  write: { kind: "output" },
  encoding: { kind: "encoding" },
  r: { kind: "reset" },
  reset: { kind: "reset" },
  g: { kind: "end" },
  gx: { kind: "end" },
  gset: { kind: "end" },
  gdesc: { kind: "end" },
  crosstabview: { kind: "end" },
  watch: { kind: "end" },
  parse: { kind: "end" },
  sendpipeline: { kind: "end" },
  gexec: { kind: "opaque", ends: true, reason: "\\gexec runs the results of a query as SQL" },
};

/** Commands whose argument is the rest of the line as it is: no quotes, no variables, no backquotes. */
export const wholeLine: ReadonlySet<string> = new Set(["!", "copy", "ef", "ev", "h", "help", "sf", "sv", "sf+", "sv+"]);

/** The kind of a command by its name without the backslash. */
export function commandKind(name: string): CommandKind {
  const known = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
  if (known !== undefined) return known;
  if (dropped.test(name)) return { kind: "drop" };
  const effect = Object.hasOwn(opaque, name) ? opaque[name] : undefined;
  return {
    kind: "opaque",
    ends: false,
    reason: `\\${shownName(name)} ${effect ?? "is a psql command that is not known here"}`,
  };
}

function shownName(name: string): string {
  return name.replaceAll(/[^\w!?+]/g, "").slice(0, 20);
}
