import { readFileSync } from "node:fs";
import { createServer } from "node:https";
import { join } from "node:path";
import { json } from "node:stream/consumers";

/** The least a webhook can do: HTTPS, JSON in, "allowed" out. Arguments: folder with tls.crt and tls.key, host, port. */
const [folder = "", host, port] = process.argv.slice(2);
const pair = { cert: readFileSync(join(folder, "tls.crt")), key: readFileSync(join(folder, "tls.key")) };
createServer({ ...pair, keepAliveTimeout: 120_000 }, async (request, response) => {
  const review: unknown = await json(request);
  const { uid } = Object(review).request;
  response.setHeader("content-type", "application/json");
  response.end(
    JSON.stringify({ apiVersion: "admission.k8s.io/v1", kind: "AdmissionReview", response: { uid, allowed: true } }),
  );
}).listen(Number(port), host);
