/** What log and metrics say about a request. Read defensively from an unchecked body; never any of its contents. */
export interface Summary {
  readonly uid: string;
  readonly operation: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly user: string;
  readonly dryRun: boolean;
}

/** Names in Kubernetes are at most 253 characters; what is longer was not written by an API server. */
const longestName = 253;

/** Reads the parts of an AdmissionReview that name things, "" for each that is not there. The uid is kept as it is. */
export function summarize(body: unknown): Summary {
  const request = field(body, "request");
  return {
    uid: text(request, "uid"),
    operation: name(request, "operation"),
    kind: name(field(request, "kind"), "kind"),
    namespace: name(request, "namespace"),
    name: name(request, "name"),
    user: name(field(request, "userInfo"), "username"),
    dryRun: field(request, "dryRun") === true,
  };
}

function field(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
}

function text(value: unknown, key: string): string {
  const found = field(value, key);
  return typeof found === "string" ? found : "";
}

function name(value: unknown, key: string): string {
  return text(value, key).slice(0, longestName);
}
