import { unknownName } from "../model/rule.ts";

/** A text for people: what stands for a value not known here is shown as such. */
export function withoutMarkers(text: string, markers: readonly string[]): string {
  // in a name the grammar has folded it
  const spellings = markers.flatMap((marker) => [marker, marker.toLowerCase()]);
  return spellings.reduce((shown, marker) => shown.replaceAll(marker, unknownName), text);
}
