/** Annotations of an object by which what a denial asks people for is given: a DBA's consent to its digests, and the plan for the way back. */
export function approvalOf(denial: string): Readonly<Record<string, string>> {
  const digests = [...new Set(denial.match(/sha256:[0-9a-f]{64}/g))];
  if (digests.length === 0) throw new Error(`nothing to approve in: ${denial}`);
  return {
    "approval.migration-gate.dev/alice": digests.join(","),
    "migration-gate.dev/rollback-window": "24h",
    "migration-gate.dev/rollback-owner": "team-shop",
  };
}
