const forbid = (name, from, to) => ({ name, severity: "error", from, to });
const nouns = "^src/(model/|ports\\.ts)";
const outside = { path: "^src/", pathNot: ["^src/adapters/", "^src/commands/", "^src/(main|cli|config)\\.ts$"] };
const verbs = [
  "receive",
  "identify",
  "extract",
  "locate",
  "parse",
  "classify",
  "require",
  "verify",
  "decide",
  "answer",
];
const steps = verbs.map((verb) => `^src/gate/${verb}\\.ts$`);
const io = ["fastify", "@kubernetes", "pino", "piscina", "prom-client", "selfsigned"].map(
  (name) => `node_modules/${name}/`,
);

/** The import law: CONTRIBUTING.md says what each rule is for. */
module.exports = {
  forbidden: [
    forbid("no-cycles", {}, { circular: true }),
    forbid("model-imports-nothing", { path: "^src/model/" }, { path: "^src/", pathNot: "^src/model/" }),
    forbid("ports-import-only-model", { path: "^src/ports\\.ts$" }, { path: "^src/", pathNot: "^src/model/" }),
    forbid(
      "catalogues-know-only-the-nouns",
      { path: "^src/(sources|rules|changes|evidence)/" },
      { path: "^src/", pathNot: [nouns, "^src/$1/"] },
    ),
    forbid(
      "tools-know-the-nouns-and-the-shell",
      { path: "^src/tools/" },
      { path: "^src/", pathNot: [nouns, "^src/tools/", "^src/shell/"] },
    ),
    forbid("pods-know-only-the-nouns", { path: "^src/pods/" }, { path: "^src/", pathNot: [nouns, "^src/pods/"] }),
    forbid(
      "runs-know-pods-tools-and-the-shell",
      { path: "^src/runs/" },
      { path: "^src/", pathNot: [nouns, "^src/(runs|pods|tools|shell)/"] },
    ),
    forbid("shell-knows-only-the-nouns", { path: "^src/shell/" }, { path: "^src/", pathNot: [nouns, "^src/shell/"] }),
    forbid(
      "sql-knows-the-nouns-and-the-rules",
      { path: "^src/sql/" },
      { path: "^src/", pathNot: [nouns, "^src/sql/", "^src/rules/"] },
    ),
    forbid("steps-are-strangers", { path: steps }, { path: "^src/gate/" }),
    forbid(
      "facts-know-only-the-nouns",
      { path: "^src/facts/" },
      { path: "^src/", pathNot: [nouns, "^src/facts/", "^src/pods/", "^src/policy"] },
    ),
    forbid("gate-never-reaches-out", { path: "^src/gate/" }, { path: "^src/(adapters/|commands/|main|cli|config)" }),
    forbid(
      "adapters-know-only-the-nouns",
      { path: "^src/adapters/([a-z-]+)" },
      { path: "^src/", pathNot: [nouns, "^src/adapters/(log\\.ts$|$1[/.])"] },
    ),
    forbid(
      "no-node-io-outside-adapters",
      { ...outside, pathNot: [...outside.pathNot, "^src/sql/worker\\.ts$"] },
      {
        dependencyTypes: ["core"],
        pathNot: "^(node:)?crypto$",
      },
    ),
    ...io.map((path) =>
      forbid(`no-io-library-outside-adapters (${path})`, outside, { path, dependencyTypesNot: ["type-only"] }),
    ),
    forbid(
      "one-folder-knows-the-parser",
      { path: "^src/", pathNot: "^src/sql/" },
      {
        path: "node_modules/(libpg-query|node-sql-parser)/",
        dependencyTypesNot: ["type-only"],
      },
    ),
    forbid(
      "one-folder-knows-the-shell-parser",
      { path: "^src/", pathNot: "^src/shell/" },
      { path: "node_modules/unbash/" },
    ),
  ],
  options: {
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    doNotFollow: { path: "node_modules" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "types", "node", "default"] },
  },
};
