import type { Token } from "./scanner.ts";

/** Knows, as psql does, whether a semicolon ends a statement: not inside parentheses, not inside BEGIN ATOMIC … END. */
export interface StatementEnd {
  /** the next token, as it is written */
  token(token: Token, written: string): void;
  isOpen(): boolean;
  reset(): void;
}

/** Words whose first letters psql keeps to recognise CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
const routine = /^create (?:or replace )?(?:function|procedure)\b/;

/** How BEGIN ATOMIC's depth changes with a word. */
function depthAfter(depth: number, word: string): number {
  if (word === "begin" || (word === "case" && depth > 0)) return depth + 1;
  return word === "end" ? Math.max(0, depth - 1) : depth;
}

/** A tracker at the start of a statement. */
export function createStatementEnd(): StatementEnd {
  let parentheses = 0;
  let begins = 0;
  let words: string[] = [];
  function word(text: string): void {
    const folded = text.toLowerCase();
    if (words.length < 4) words.push(folded);
    if (parentheses === 0 && routine.test(words.join(" "))) begins = depthAfter(begins, folded);
  }
  return {
    token({ kind }, written) {
      if (kind === "word") word(written);
      else if (written === "(") parentheses++;
      else if (written === ")") parentheses = Math.max(0, parentheses - 1);
    },
    isOpen: () => parentheses > 0 || begins > 0,
    reset() {
      parentheses = 0;
      begins = 0;
      words = [];
    },
  };
}
