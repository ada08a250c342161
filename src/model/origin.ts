/** Where a text stands: an object, a data key or field path in it, and a line counted from 1. */
export interface Origin {
  /** "ConfigMap production/mig-sql", "Job production/mig", or a file path for the CLI's `lint`. */
  readonly object: string;
  /** data key ("up.sql") or field path ("spec.template.spec.containers[m].args[0]"); "" if the object is a file */
  readonly key: string;
  readonly line: number;
}
