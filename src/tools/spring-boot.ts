import type { CommandHit, Word } from "../model/run.ts";
import type { Tool, ToolCall, ToolReading } from "../model/tool.ts";
import { displayWord, variable } from "../model/word.ts";
import { isGiven, urlConnection } from "./connection.ts";
import { stepWithoutSql } from "./simple-step.ts";

/** Settings of Spring Boot and Quarkus that destroy or rewrite history at start, by variable name. */
const switches: readonly { readonly name: RegExp; readonly value: RegExp; readonly rule: CommandHit["rule"] }[] = [
  { name: /^SPRING_FLYWAY_CLEAN(_ON_VALIDATION_ERROR)?$/, value: /^true$/i, rule: "destructive-command" },
  { name: /^QUARKUS_FLYWAY(_\w+)?_CLEAN_AT_START$/, value: /^true$/i, rule: "destructive-command" },
  { name: /^SPRING_LIQUIBASE_DROP_?FIRST$/, value: /^true$/i, rule: "destructive-command" },
  { name: /^QUARKUS_LIQUIBASE(_\w+)?_CLEAN_AT_START$/, value: /^true$/i, rule: "destructive-command" },
  { name: /^SPRING_JPA_HIBERNATE_DDL_?AUTO$/, value: /^create(-drop|-only)?$/i, rule: "destructive-command" },
  {
    name: /^QUARKUS_HIBERNATE_ORM_(DATABASE_GENERATION|SCHEMA_MANAGEMENT_STRATEGY)$/,
    value: /^drop-and-create$/i,
    rule: "destructive-command",
  },
  { name: /^SPRING_FLYWAY_REPAIR_ON_VALIDATE_FAILURE$/, value: /^true$/i, rule: "history-command" },
  { name: /^SPRING_FLYWAY_VALIDATE_ON_MIGRATE$/, value: /^false$/i, rule: "history-command" },
];

/** Spring Boot and Quarkus: a JVM application that migrates when it starts; its settings come by variables and -D options. */
export const springBoot: Tool = {
  id: "spring-boot",
  title: "Spring Boot",
  dialect: "postgresql",
  images: [],
  binaries: ["java"],
  signatures: [],
  read: (call) => (settings(call).some(([name]) => migrates.test(name)) ? readApplication(call) : null),
};

const migrates = /^(SPRING|QUARKUS)_(FLYWAY|LIQUIBASE)/;

function readApplication(call: ToolCall): ToolReading {
  const { env, origin } = call.invocation;
  const hits = settings(call).flatMap(([name, value]) =>
    switches
      .filter((one) => one.name.test(name) && one.value.test(displayWord(value)))
      .map(({ rule }): CommandHit => ({ rule, subject: `${name}=${displayWord(value)}`, origin })),
  );
  const url = variable(env, "SPRING_DATASOURCE_URL");
  const step = stepWithoutSql(call, {
    options: [],
    destroys: null,
    opaque: [
      { kind: "forward-command", reason: "Spring Boot runs the migrations inside its jar, whose SQL is not in sight" },
    ],
    connection: isGiven(url) ? urlConnection(url) : null,
  });
  if (step.kind === "harmless") return step;
  const destroys = hits.some(({ rule }) => rule === "destructive-command");
  return { ...step, subcommand: "start", destructive: destroys ? true : null, commands: hits };
}

/** Variables, and -Dspring.flyway.enabled=true as the variable SPRING_FLYWAY_ENABLED, as Spring's relaxed binding has it. */
function settings(call: ToolCall): readonly (readonly [string, Word])[] {
  const properties = call.args.flatMap((word) => {
    const found = /^(?:-D|--)((?:spring|quarkus)\.[\w.-]+)=(.*)$/s.exec(displayWord(word));
    return found === null ? [] : [[(found[1] ?? "").toUpperCase().replace(/[.-]/g, "_"), [found[2] ?? ""]] as const];
  });
  return [...call.invocation.env, ...properties];
}
