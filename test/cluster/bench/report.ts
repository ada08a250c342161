/** One round of one webhook: requests a second, milliseconds. */
export interface Measured {
  readonly webhook: "none" | "bare" | "gate";
  readonly dryRun: boolean;
  readonly round: number;
  readonly rate: number;
  readonly p50: number;
  readonly p99: number;
}

export interface Figures {
  readonly measured: readonly Measured[];
  /** The API server's own histogram of the two webhooks, in milliseconds. */
  readonly asked: Readonly<Record<"bare" | "gate", { readonly p50: number; readonly p99: number }>>;
  readonly gateMemoryMb: number;
  /** CPU of the gate's process for one review, all its threads. */
  readonly gateCpuMs: number;
  readonly run: {
    readonly amount: number;
    readonly rounds: number;
    readonly connections: number;
    readonly cores: number;
    readonly node: string;
    readonly kubernetes: string;
  };
}

/** What is asked of the gate, as shares of the bare webhook's figures. */
const asked = { rate: 0.9, p99: 1.1 } as const;
const titles = { none: "no webhook", bare: "bare webhook", gate: "Migration Gate" } as const;

function median(numbers: readonly number[]): number {
  return numbers.toSorted((one, other) => one - other)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

/** The rows of the table: each figure is the median of the rounds, each ratio the median of what the rounds themselves compare. */
function rowsOf({ measured }: Figures): readonly (readonly string[])[] {
  return [true, false].flatMap((dryRun) =>
    (["none", "bare", "gate"] as const).map((webhook) => {
      const own = measured.filter((one) => one.webhook === webhook && one.dryRun === dryRun);
      const ratio = (figure: "rate" | "p99") =>
        median(own.map((one) => one[figure] / (roundOf(measured, "bare", one)?.[figure] ?? Number.NaN))).toFixed(2);
      return [
        dryRun ? "dry-run" : "creation",
        titles[webhook],
        median(own.map(({ rate }) => rate)).toFixed(0),
        ratio("rate"),
        median(own.map(({ p50 }) => p50)).toFixed(0),
        median(own.map(({ p99 }) => p99)).toFixed(0),
        ratio("p99"),
      ];
    }),
  );
}

function roundOf(measured: readonly Measured[], webhook: Measured["webhook"], { dryRun, round }: Measured) {
  return measured.find((one) => one.webhook === webhook && one.dryRun === dryRun && one.round === round);
}

const head = ["request", "with", "req/s", "of bare", "p50 ms", "p99 ms", "of bare's p99"];

export function printed(figures: Figures): string {
  const rows = [head, ...rowsOf(figures)];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "));
  return `${[...lines, "", ...notesOf(figures)].join("\n")}\n`;
}

/** The marked section of docs/performance.md. */
export function sectionOf(figures: Figures): string {
  const { amount, rounds, connections, cores, node, kubernetes } = figures.run;
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const rows = [head, head.map(() => "---"), ...rowsOf(figures)].map(line);
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}: Kubernetes ${kubernetes}, Node ${node.slice(1)}, ${cores} cores for everything, ${connections} connections,`,
    `medians of ${rounds} rounds of ${amount.toLocaleString("en")} Jobs each.`,
    "",
    ...rows,
    "",
    ...notesOf(figures).map((note) => `- ${note}`),
    "",
  ].join("\n");
}

function notesOf({ asked: times, gateMemoryMb, gateCpuMs }: Figures): readonly string[] {
  const of = ({ p50, p99 }: { readonly p50: number; readonly p99: number }) =>
    `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`;
  return [
    `asked for: at least ${asked.rate} of the bare webhook's requests a second, at most ${asked.p99} times its p99`,
    `as the API server itself counts a call (its buckets are coarse): bare ${of(times.bare)}; gate ${of(times.gate)}`,
    `the gate: ${gateCpuMs.toFixed(2)} ms of CPU a review, ${gateMemoryMb.toFixed(0)} MB at the end`,
  ];
}
