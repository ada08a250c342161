import { tableTool } from "./subcommands.ts";

/** EF Core: dotnet ef and migration bundles. */
export const efCore = tableTool({
  id: "ef-core",
  title: "EF Core",
  binaries: ["dotnet-ef", "efbundle"],
  destructive: ["database drop", "database update 0"],
  unclear: ["database update *"],
  forward: ["database update"],
  harmless: [
    "migrations list",
    "migrations script",
    "migrations has-pending-model-changes",
    "dbcontext info",
    "dbcontext list",
  ],
  urlOptions: ["--connection"],
  urlVariables: ["ConnectionStrings__DefaultConnection"],
});
