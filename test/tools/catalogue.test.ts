import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Word } from "../../src/model/run.ts";
import { tools } from "../../src/tools/index.ts";
import { maskedArgv } from "../../src/tools/masking.ts";
import { readCall } from "../../src/tools/read-call.ts";
import { invocation, stepOf } from "./calls.ts";

const split = (line: string) => line.split(" ");

describe("commands that destroy by themselves", () => {
  it.each(
    [
      "flyway clean|flyway -url=x undo|flyway info clean migrate",
      "liquibase dropAll|liquibase --url=x drop-all --force|liquibase rollback v1|liquibase rollback-count 3|liquibase updateTestingRollback",
      "migrate -path /m -database x down -all|migrate -path /m -database x drop -f",
      "goose postgres x down|goose -dir /m postgres x reset|goose redo|goose down-to 3",
      "dbmate drop|dbmate rollback|dbmate -u x down",
      "atlas schema clean|atlas migrate down",
      "sqitch revert -y|sqitch rebase",
      "npx prisma migrate reset --force|npx prisma db push --accept-data-loss|pnpm exec prisma db push --force-reset|yarn prisma migrate reset",
      "alembic downgrade -1|poetry run alembic downgrade base|python -m alembic downgrade base|flask db downgrade",
      "python manage.py flush|python3 -u manage.py migrate app zero|django-admin reset_db",
      "bundle exec rails db:drop|bin/rails db:reset|rake db:migrate:down|rails db:drop db:create db:migrate|rails db:schema:load",
      "php artisan migrate:fresh --seed|php artisan db:wipe",
      "php bin/console doctrine:schema:update --force|php bin/console doctrine:database:drop --force",
      "dotnet ef database drop|dotnet ef database update 0|mix ecto.drop|mix ecto.rollback",
      "npx typeorm schema:drop|node ./node_modules/typeorm/cli.js migration:revert|npx knex migrate:rollback --all",
      "npx sequelize-cli db:migrate:undo:all|npx drizzle-kit push --force|npx mikro-orm migration:fresh|node-pg-migrate down",
      "diesel database reset|sqlx database drop -y|sqlx migrate revert|pgroll complete",
      "dropdb app|dropuser bob|pg_restore -c -d app x.dump|pg_restore --create -d app x.dump",
    ].flatMap((line) => line.split("|")),
  )("%s", (line) => {
    const step = stepOf(split(line));
    expect([step.destructive, step.commands.map(({ rule }) => rule)]).toEqual([true, ["destructive-command"]]);
  });

  it.each([
    ["flyway migrate", { FLYWAY_CLEAN_ON_VALIDATION_ERROR: "true" }],
    ["npx typeorm migration:run", { TYPEORM_DROP_SCHEMA: "true" }],
    ["java -jar /app.jar", { SPRING_FLYWAY_ENABLED: "true", SPRING_JPA_HIBERNATE_DDL_AUTO: "create" }],
    ["java -jar /app.jar", { SPRING_LIQUIBASE_DROP_FIRST: "true" }],
    ["bin/rails db:migrate", { VERSION: "0" }],
  ])("%s with %j", (line, env) => {
    expect(stepOf(split(line), { env }).destructive).toBe(true);
  });
});

describe("commands that rewrite the history", () => {
  it.each(
    "flyway repair|flyway baseline|liquibase changelogSync|liquibase clear-checksums|migrate -path /m -database x force 3|prisma migrate resolve --applied x|alembic stamp head|python manage.py migrate --fake|atlas migrate set".split(
      "|",
    ),
  )("%s", (line) => {
    expect(stepOf(split(line)).commands.map(({ rule }) => rule)).toEqual(["history-command"]);
  });
});

describe("forward commands whose SQL is not in sight", () => {
  it.each(
    "flyway migrate|liquibase update|migrate -path /m -database x up|goose up|dbmate up|atlas migrate apply|sqitch deploy|sqlx migrate run|diesel migration run|npx prisma migrate deploy|npx drizzle-kit migrate|npx knex migrate:latest|npx typeorm migration:run|npx sequelize db:migrate|node-pg-migrate up|alembic upgrade head|flask db upgrade|python manage.py migrate --noinput|rails db:migrate|php artisan migrate --force|php bin/console doctrine:migrations:migrate|dotnet ef database update|mix ecto.migrate|uv run alembic upgrade head|go run github.com/pressly/goose/v3/cmd/goose@latest up".split(
      "|",
    ),
  )("%s", (line) => {
    const step = stepOf(split(line));
    expect([step.destructive, step.opaque.map(({ kind }) => kind)]).toEqual([null, ["forward-command"]]);
  });
});

describe("commands that may go either way are opaque programs", () => {
  it.each(
    "migrate -path /m -database x goto 3|python manage.py migrate app 0002|npx prisma db push|atlas schema apply|rails db:prepare|liquibase execute-sql --sql=x|goose -no-versioning up|flyway unheard-of|dotnet ef database update Older|createuser -s bob".split(
      "|",
    ),
  )("%s", (line) => {
    const step = stepOf(split(line));
    expect([step.commands, step.opaque.map(({ kind }) => kind)]).toEqual([[], ["program"]]);
  });

  it("so is a command that is not known", () => {
    const step = stepOf(["flyway", [{ unknown: "from Secret x" }], "info"]);
    expect(step.opaque.map(({ kind }) => kind)).toEqual(["program"]);
  });
});

describe("harmless calls make no step", () => {
  it.each(
    "flyway info|liquibase status|goose status|dbmate wait|npx prisma migrate status|alembic current|python manage.py collectstatic --noinput|rails db:version|php artisan migrate:status|pg_isready -h h|pg_dump app|sleep 5|echo x|nc -z h 5432|sed s/a/b/g|curl -fsS http://x|find /b -mtime +7 -delete|aws s3 cp - s3://b/x|restic backup --stdin|tar czf /b/x.tgz -C /b x|gpg -e -r me|awk -F, {print$1}|split -b 1G - /b/x".split(
      "|",
    ),
  )("%s", (line) => {
    expect(readCall(invocation(split(line))).kind).toBe("harmless");
  });
});

describe("what no tool file knows is a program", () => {
  it.each(
    "/migrate|npm run migrate|yarn migrate|node dist/migrate.js|python migrate.py|python manage.py runserver|rails server|mix phx.server|php artisan queue:work|java -jar app.jar|dotnet App.dll|go run ./cmd/migrate|./migrate.sh|awk system(x)|awk {print} -f x|sed 1e|cp x /usr/bin/psql|cp x /root/.psqlrc|find /b -exec psql -f {} ;|sort --compress-program=x a|aws s3 rm s3://b --recursive|restic forget --prune|rclone delete r:b|tar xf x -C /|tar cf x --to-command=psql y|split --filter=psql x|awk {system(psql)}|awk -f x|kubectl exec p -- psql|kubectl delete pvc p|openssl enc -engine x|vendor/psql-wrapper".split(
      "|",
    ),
  )("%s", (line) => {
    expect(readCall(invocation(split(line))).kind).toBe("program");
  });
});

describe("arguments for people", () => {
  const masked = (argv: readonly string[]) => {
    const words = argv.map((word): Word => [word]);
    const call = readCall(invocation(words));
    return maskedArgv(words, call.kind === "tool" ? call.tool : null).join(" ");
  };

  it.each<[string, readonly string[], string]>([
    ["a URL's user and password", ["psql", "postgres://u:Kx9@Lm/Qq@h/d"], "psql postgres://***@h/d"],
    ["a URL's user, which may be a token", ["psql", "postgres://Kx9@h/d"], "psql postgres://***@h/d"],
    [
      "a URL's parameters but harmless ones",
      ["psql", "postgres://h/d?sslmode=require&x=Kx9&application_name=m#Lm"],
      "psql postgres://h/d?sslmode=require&x=***&application_name=m#***",
    ],
    [
      "a JDBC URL's parameters",
      ["flyway", "-url=jdbc:postgresql://h/d;user=u;x=Kx9", "migrate"],
      "flyway -url=jdbc:postgresql://h/d;user=u;x=*** migrate",
    ],
    [
      "an address without a scheme",
      ["goose", "mysql", "u:Kx9/Lm@tcp(app-postgres-rw:3306)/app", "reset"],
      "goose mysql ***@tcp(app-postgres-rw:3306)/app reset",
    ],
    ["an option's password", ["flyway", "-password=Kx9", "migrate"], "flyway -password=*** migrate"],
    ["a licence key", ["flyway", "-licenseKey=Kx9", "migrate"], "flyway -licenseKey=*** migrate"],
    ["a placeholder", ["flyway", "-placeholders.x=Kx9", "migrate"], "flyway -placeholders.x=*** migrate"],
    ["a secret in the next word", ["prisma", "--api-key", "Kx9", "db", "push"], "prisma --api-key *** db push"],
    ["a keyword's password", ["psql", "host=h password=Kx9"], "psql host=h password=***"],
    ["one with spaces around", ["psql", "host=h password = Kx9 port=1"], "psql host=h password = *** port=1"],
    ["one in quotes", ["psql", "password='Kx9 host=Lm' host=h"], "psql password=*** host=h"],
    ["one with separators in it", ["psql", "password=Kx9&Lm=a;Qq=b host=h"], "psql password=*** host=h"],
    ["one behind a letter", ["psql", "-dhost=h password=Kx9"], "psql -dhost=h password=***"],
    ["a client's SQL", ["psql", "-tAc", "SELECT 'Kx9'"], "psql -tAc <SQL>"],
    ["SQL in one word", ["psql", "-c", "SELECT'Kx9'"], "psql -c <SQL>"],
    ["SQL behind its letter", ["psql", "-tAcSELECT 'Kx9'"], "psql -tAc<SQL>"],
    ["SQL behind its option", ["psql", "--command=SELECT'Kx9'"], "psql --command=<SQL>"],
    ["SQL behind an option cut short", ["psql", "--comm=SELECT'Kx9'"], "psql --comm=…"],
    ["a psql variable", ["psql", "-v", "pw=Kx9", "-f", "/x.sql"], "psql -v pw=*** -f /x.sql"],
    ["a psql variable behind its letter", ["psql", "-qvpw=Kx9"], "psql -qvpw=***"],
    ["a psql variable by long name", ["psql", "--set", "k=Kx9"], "psql --set k=***"],
    ["a psql variable in one word", ["psql", "--variable=k=Kx9 Lm"], "psql --variable=k=***"],
    [
      "no ON_ERROR_STOP",
      ["psql", "-vON_ERROR_STOP=1", "-v", "ON_ERROR_STOP=1"],
      "psql -vON_ERROR_STOP=1 -v ON_ERROR_STOP=1",
    ],
    ["a password behind -p", ["mysql", "-pKx9", "app"], "mysql -p*** app"],
    ["one that looks like a name", ["mysql", "-phunter2secret", "app"], "mysql -p*** app"],
    ["one after other letters", ["mariadb", "-uroot", "-Bpa=Kx9"], "mariadb -uroot -Bp***"],
    ["a long password", ["mysql", "--pass=Kx9", "-eSELECT'Lm'"], "mysql --pass=*** -e<SQL>"],
    [
      "an alembic argument",
      ["alembic", "-x", "a=Kx9", "-xb=Lm", "upgrade", "head"],
      "alembic -x a=*** -xb=*** upgrade head",
    ],
    ["a variable before a tool", ["env", "A=Kx9", "psql", "app"], "env A=*** psql app"],
    ["code", ["alembic", "upgrade", "f('Kx9')"], "alembic upgrade …"],
    ["nothing else", ["migrate", "-path", "/m", "-database", "x", "up"], "migrate -path /m -database x up"],
    ["no port", ["psql", "-p5432", "-hh", "-p", "5432", "app"], "psql -p5432 -hh -p 5432 app"],
    [
      "all that an unknown program gets",
      ["/bin/thing", "Kx9", "-aLm", "--x=Qq", "--y", "Zz"],
      "/bin/thing … -a… --x=… --y …",
    ],
    ["its address", ["/bin/thing", "mysql://Kx9@h/app?apikey=Lm"], "/bin/thing …"],
    ["the options of clients no tool file knows", ["sqlcmd", "-P", "Kx9"], "sqlcmd -P …"],
    ["the evaluated text of one", ["mongosh", "--eval", "db.auth('Kx9')"], "mongosh --eval …"],
    ["the password of another", ["redis-cli", "-aKx9", "-a", "Kx9"], "redis-cli -a… -a …"],
    ["no script's file", ["python", "/app/migrate.py", "Kx9"], "python /app/migrate.py …"],
    ["no program behind a wrapper", ["env", "A=Kx9", "/bin/thing", "Lm"], "env … /bin/thing …"],
    ["a shell's text", ["sh", "-c", "thing Kx9"], "sh -c …"],
  ])("hide %s", (_, argv, expected) => {
    expect(masked(argv)).toBe(expected);
  });

  it("name what is unknown, also of an unknown program", () => {
    const word: Word = ["Kx9", { unknown: "from Secret db" }];
    expect(maskedArgv([["/bin/thing"], word], null)).toEqual(["/bin/thing", "…<from Secret db>"]);
  });
});

describe("the catalogue", () => {
  it("lists every tool file once, under its file's name", () => {
    const folder = new URL("../../src/tools/", import.meta.url);
    const files = readdirSync(folder).filter((name) => {
      const source = readFileSync(new URL(name, folder), "utf8");
      return /^export const \w+(: Tool = \{| = (tableTool|serverUtility)\()/m.test(source);
    });
    expect(tools.map(({ id }) => `${id}.ts`).toSorted()).toEqual(files.toSorted());
  });

  it("gives every program to one tool", () => {
    const programs = tools.flatMap(({ binaries }) => binaries);
    expect(programs.length).toBe(new Set(programs).size);
  });
});
