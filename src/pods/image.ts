/** An image's repository with registry, without tag and digest: "postgres:17" → "docker.io/library/postgres". */
export function repositoryOf(image: string): string {
  const name = image.replace(/@.*$/, "").replace(/:[^/:]*$/, "");
  const [first = "", ...rest] = name.split("/");
  if (rest.length === 0) return `docker.io/library/${first}`;
  const isRegistry = first === "localhost" || /[.:]/.test(first);
  if (!isRegistry) return `docker.io/${name}`;
  return name.replace(/^(index\.docker\.io|registry-1\.docker\.io)\//, "docker.io/");
}

/** Does a pattern name this image's repository? `*` stands for any text; patterns without a registry mean Docker Hub. */
export function matchesImage(image: string, patterns: readonly string[]): boolean {
  const repository = repositoryOf(image);
  return patterns.some((pattern) => matchesPattern(repository, repositoryOf(pattern)));
}

/** Walks the literal pieces between the stars from left to right; no regular expression is built from a policy's text. */
function matchesPattern(text: string, pattern: string): boolean {
  const [head = "", ...tail] = pattern.split("*");
  if (tail.length === 0) return text === head;
  const last = tail.pop() ?? "";
  if (!text.startsWith(head) || text.length < head.length + last.length || !text.endsWith(last)) return false;
  const end = text.length - last.length;
  let from = head.length;
  for (const piece of tail) {
    const found = text.indexOf(piece, from);
    if (found < 0 || found + piece.length > end) return false;
    from = found + piece.length;
  }
  return true;
}
