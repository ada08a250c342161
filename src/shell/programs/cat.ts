import type { FileReading } from "../../model/run.ts";
import { type Outcome, silent } from "../engine.ts";
import { readFile } from "../virtual-files.ts";
import { concat, known, unknownWord } from "../words.ts";
import { inputOf, type Program, printed, unknownOutput } from "./program.ts";

/** cat: files after each other, `-` or none is standard input. One whole file keeps its own origin. */
export const cat: Program = (args, call) => {
  if (args.some((arg) => isOption(known(arg)))) return unknownOutput("cat");
  if (args.length === 0) return inputOf(call);
  const readings = args.map((arg) => (known(arg) === "-" ? inputOf(call) : fileOutput(readFile(call.shell, arg))));
  const [only] = readings;
  if (readings.length === 1 && only !== undefined) return only;
  const sure = readings.every(({ status }) => status === "success");
  return {
    output: concat(...readings.map(({ output }) => output)),
    origin: null,
    status: sure ? "success" : "unknown",
    stray: !sure,
  };
};

function isOption(arg: string | null): boolean {
  return arg?.startsWith("-") === true && arg !== "-";
}

export function fileOutput(reading: FileReading): Outcome {
  if (reading.kind === "text") return printed(reading.text, reading.origin);
  if (reading.kind === "absent") return { ...silent("failure"), stray: true };
  return { output: unknownWord(reading.reason), origin: null, status: "unknown", stray: true };
}
