import { tableTool } from "./subcommands.ts";

/** SchemaHero's own program: applies what its plan says. */
export const schemahero = tableTool({
  id: "schemahero",
  title: "SchemaHero",
  images: [{ repository: "docker.io/schemahero/schemahero", entrypoint: ["schemahero"] }],
  binaries: ["schemahero", "kubectl-schemahero"],
  destructive: [],
  unclear: ["approve migration"],
  forward: ["apply"],
  harmless: ["plan", "fixtures", "version"],
  urlOptions: ["--uri"],
});
