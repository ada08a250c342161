import type { Manifest } from "../../deploy/objects.ts";
import { addressOf, scriptObjects } from "./neighbours.ts";

/** Keeps what Flux's notifications send to it; who GETs it has them all as a JSON array. */
export function receiverObjects(): readonly Manifest[] {
  return scriptObjects("receiver", "receiver.mjs");
}

export const receiverUrl = `http://${addressOf("receiver")}/`;
