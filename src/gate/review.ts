import { annotationsOf, isInstanceManagersPod, readOwners } from "../facts/owners.ts";
import { readRunScopes } from "../facts/scope.ts";
import { readLocateFacts } from "../facts/targets.ts";
import type { Decision } from "../model/decision.ts";
import type { Asked } from "../model/gate.ts";
import type { RunQuestion } from "../model/judge.ts";
import type { AdmissionRequest, AdmissionResponse } from "../model/kubernetes.ts";
import type { World } from "../ports.ts";
import { answer, refuse } from "./answer.ts";
import { classify } from "./classify.ts";
import { judgeSubject } from "./judge-subject.ts";
import { parse } from "./parse.ts";
import { untouched } from "./passed.ts";
import { readRun } from "./read-run.ts";
import { receive } from "./receive.ts";
import { claimedDigests, provisionalDigests, repeatsOf, targetObstacles } from "./run-facts.ts";
import { weigh } from "./weigh.ts";

/** How a registration asked: by which path, and whether its failurePolicy is Ignore. */
interface Registration {
  readonly endpoint: AdmissionRequest["endpoint"];
  readonly failOpen: boolean;
}

/** What came of a review; request and decision are for log lines and metrics, null where it could not be read. */
interface Reviewed {
  readonly response: AdmissionResponse;
  readonly request: AdmissionRequest | null;
  readonly decision: Decision | null;
}

/** The one decision function behind webhook, CLI, scan and controller. */
export interface Gate {
  /** From the JSON of an AdmissionReview to the response; never throws. */
  review(body: unknown, registration: Registration, signal: AbortSignal): Promise<Reviewed>;
  /** From a request to the decision; never throws: what cannot be judged is denied in words. */
  judge(asked: Asked, signal: AbortSignal): Promise<Decision>;
}

/** The path of a review: receive → identify → extract → locate → parse → classify → require → verify → decide → answer. */
export function createGate(world: World): Gate {
  const judge = (asked: Asked, signal: AbortSignal) =>
    judgeSubject(asked, world, (question, inner) => judgeRun(question, world, inner), signal);
  return {
    judge,
    review: async (body, { endpoint, failOpen }, signal) => {
      const received = receive(body, endpoint);
      if (received.kind === "refused") {
        return { response: refuse(received.uid, received.reason), request: null, decision: null };
      }
      const { request } = received;
      const decision = await judge({ request, failOpen }, signal);
      return { response: answer(request.uid, decision), request, decision };
    },
  };
}

/** The middle of the path for a run. Facts are read once, before they are judged; the last three verbs are in weigh.ts. */
async function judgeRun(question: RunQuestion, world: World, signal: AbortSignal): Promise<Decision> {
  const { request, object, carrier, moment } = question;
  const facts = await readLocateFacts(world, signal);
  const owners = await readOwners(carrier, world.reader, signal);
  if (isInstanceManagersPod(request.userInfo.username, owners, facts.clusters)) {
    return untouched(object, "a Pod of CNPG's instance manager");
  }

  const { run, steps } = await readRun(question, owners, facts, world, signal);
  if (!run.reaches) return untouched(object, "nothing in it reaches a database");

  const scopes = await readRunScopes(request.namespace, steps, world, signal);
  if (scopes.mode === "off") return untouched(object, "neither its namespace nor its target's is labelled");

  const parsed = await parse(steps, world.analyzer, signal);
  const units = classify(parsed, request.namespace);
  return weigh(
    {
      ...{ object, run, units, moment, ...scopes },
      annotations: annotationsOf(owners),
      obstacles: targetObstacles(parsed, units),
      claimed: claimedDigests(parsed, units),
      provisional: provisionalDigests(request, run, parsed, units),
      repeats: repeatsOf(carrier, moment),
    },
    world,
    signal,
  );
}
