/** Both counted from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Line and column (from 1) of places in a text that starts at this line and column. */
export function createLocator(text: string, line: number, column: number): (at: number) => Position {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return (at) => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] ?? 0) <= at) low = middle;
      else high = middle - 1;
    }
    return { line: line + low, column: at - (starts[low] ?? 0) + (low === 0 ? column : 1) };
  };
}
