import type { Opaque, Step } from "../model/run.ts";
import type { Container } from "../pods/containers.ts";

/** What a hook or probe runs beside the container may reach the same database, or change what its command finds. */
export function hookBends(own: readonly Step[], hooks: readonly Step[], container: Container): readonly Opaque[] {
  if (own.length === 0 || hooks.length === 0) return [];
  const reason = "a lifecycle hook or exec probe runs more than a harmless check beside it";
  return [{ kind: "untrusted", reason, origin: { object: "", key: container.path, line: 1 } }];
}

/** Only SQL that counts as read needs trust: what is opaque is opaque already. `carrier` is for people. */
export function withBends(step: Step, bends: readonly Opaque[], carrier: string): Step {
  if (step.sql.length === 0) return step;
  const own = systemPath(step.argv[0] ?? "")
    ? []
    : [
        {
          kind: "untrusted" as const,
          reason: `${step.argv[0]} is not where the image keeps its programs`,
          origin: step.origin,
        },
      ];
  const placed = bends.map((bend) => ({ ...bend, origin: { ...bend.origin, object: carrier } }));
  return { ...step, opaque: [...step.opaque, ...own, ...placed] };
}

function systemPath(program: string): boolean {
  return (
    !program.includes("/") ||
    /^(\/usr(\/local)?)?\/s?bin\/[^/]+$|^\/usr\/lib\/postgresql\/\d+\/bin\/[^/]+$|^\/opt\/bitnami\/postgresql\/bin\/[^/]+$/.test(
      program,
    )
  );
}
