/** Cumulative counts of a Prometheus histogram by their upper bound in seconds, the last of which is Infinity. */
export type Histogram = ReadonlyMap<number, number>;

/** A histogram of a metrics page, its series with the given labels added up. */
export function readHistogram(page: string, name: string, labels: Readonly<Record<string, string>>): Histogram {
  const counts = new Map<number, number>();
  const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
  for (const [, series = "", count] of page.matchAll(new RegExp(`^${name}_bucket{(.*)} (\\S+)$`, "gm"))) {
    if (!wanted.every((pair) => series.includes(pair))) continue;
    const bound = /le="([^"]+)"/.exec(series)?.[1];
    const seconds = bound === "+Inf" ? Number.POSITIVE_INFINITY : Number(bound);
    counts.set(seconds, (counts.get(seconds) ?? 0) + Number(count));
  }
  return counts;
}

/** What was counted between two readings. */
export function between(before: Histogram, after: Histogram): Histogram {
  return new Map([...after].map(([bound, count]) => [bound, count - (before.get(bound) ?? 0)]));
}

export function countOf(histogram: Histogram): number {
  return histogram.get(Number.POSITIVE_INFINITY) ?? 0;
}

/** As Prometheus reads it: within a bucket all values lie evenly. In milliseconds. */
export function quantile(histogram: Histogram, share: number): number {
  const wanted = countOf(histogram) * share;
  let [below, lower] = [0, 0];
  for (const [bound, count] of [...histogram].toSorted(([one], [other]) => one - other)) {
    if (count >= wanted) {
      const upper = Number.isFinite(bound) ? bound : lower;
      return (lower + (upper - lower) * ((wanted - below) / Math.max(1, count - below))) * 1000;
    }
    [below, lower] = [count, bound];
  }
  return Number.NaN;
}
