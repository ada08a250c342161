import { main } from "../../src/cli.ts";

/** What a command line printed, and its exit code. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as a pipe would see it: no terminal. */
export async function runCli(args: readonly string[], stdin = ""): Promise<Ran> {
  let [out, err] = ["", ""];
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    readStdin: async () => stdin,
    isTerminal: false,
    showsProgress: false,
  });
  return { code, out, err };
}
