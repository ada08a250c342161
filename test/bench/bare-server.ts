import { fastify } from "fastify";
import { selfSignedCertificate } from "../../src/adapters/certificate.ts";

/** The least a webhook can do: HTTPS, JSON in, "allowed" out. Prints its port. */
const app = fastify({
  https: { ...(await selfSignedCertificate(["localhost"], new Date())) },
  bodyLimit: 8 * 1024 * 1024,
});
app.post<{ Body: { readonly request: { readonly uid: string } } }>("/validate", async ({ body }) => ({
  apiVersion: "admission.k8s.io/v1",
  kind: "AdmissionReview",
  response: { uid: body.request.uid, allowed: true },
}));
await app.listen({ host: "127.0.0.1", port: Number(process.argv[2]) });
