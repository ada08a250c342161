/** Knows, as psql does, whether a semicolon ends a statement: not inside parentheses, not inside BEGIN ATOMIC … END. */
export interface StatementEnd {
  /** a word outside quotes */
  word(text: string): void;
  parenthesis(isOpening: boolean): void;
  isOpen(): boolean;
  reset(): void;
}

/** Words whose first letters psql keeps to recognise CREATE [OR REPLACE] FUNCTION or PROCEDURE. */
const routine = /^create (?:or replace )?(?:function|procedure)\b/;

/** A tracker at the start of a statement. */
export function createStatementEnd(): StatementEnd {
  let parentheses = 0;
  let begins = 0;
  let words: string[] = [];
  function reset(): void {
    parentheses = 0;
    begins = 0;
    words = [];
  }
  return {
    word(text) {
      const word = text.toLowerCase();
      if (words.length < 4) words.push(word);
      if (parentheses > 0 || !routine.test(words.join(" "))) return;
      if (word === "begin") begins++;
      else if (word === "case" && begins > 0) begins++;
      else if (word === "end" && begins > 0) begins--;
    },
    parenthesis(isOpening) {
      parentheses = isOpening ? parentheses + 1 : Math.max(0, parentheses - 1);
    },
    isOpen: () => parentheses > 0 || begins > 0,
    reset,
  };
}
