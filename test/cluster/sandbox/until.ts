import { setTimeout as sleep } from "node:timers/promises";

/** Asks again until `attempt` neither throws nor gives undefined; after `seconds` it fails with the last reason. */
export async function until<T>(what: string, attempt: () => Promise<T | undefined>, seconds = 60): Promise<T> {
  const end = Date.now() + seconds * 1000;
  let reason: unknown = "nothing yet";
  while (Date.now() < end) {
    try {
      const found = await attempt();
      if (found !== undefined) return found;
    } catch (error) {
      reason = error;
    }
    await sleep(500);
  }
  throw new Error(`after ${seconds} s still not so: ${what} (${reason instanceof Error ? reason.message : reason})`);
}
