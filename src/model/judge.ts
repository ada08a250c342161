import type { Decision } from "./decision.ts";
import type { Moment } from "./gate.ts";
import type { AdmissionRequest, KubernetesObject, ObjectRef } from "./kubernetes.ts";

/** A run to be judged, whoever asks: its own admission, a ConfigMap change under it, an exec. */
export interface RunQuestion {
  readonly request: AdmissionRequest;
  /** what the decision is about: the carrier, unless something else was changed */
  readonly object: ObjectRef;
  /** id in the sources catalogue */
  readonly source: string;
  readonly carrier: KubernetesObject;
  readonly moment: Moment;
  /** a ConfigMap as it will be, read instead of the live one */
  readonly incoming: KubernetesObject | null;
  /** the command of an exec in the carrier, instead of what its template runs */
  readonly exec: { readonly container: string; readonly command: readonly string[] } | null;
}

/** Judges a run through all steps; throws ReadError and AnalysisError. */
export type JudgeRun = (question: RunQuestion, signal: AbortSignal) => Promise<Decision>;
