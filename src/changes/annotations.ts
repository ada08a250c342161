import { textAt } from "./fields.ts";
import type { Written } from "./judged.ts";

/** The values of an annotation before and after, "" where it is missing. */
export function annotationIn({ before, after }: Written, key: string): { readonly from: string; readonly to: string } {
  return { from: textAt(before, "metadata", "annotations", key), to: textAt(after, "metadata", "annotations", key) };
}
