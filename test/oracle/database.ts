import { PGlite } from "@electric-sql/pglite";
import { citext } from "@electric-sql/pglite/contrib/citext";
import { hstore } from "@electric-sql/pglite/contrib/hstore";
import { tablefunc } from "@electric-sql/pglite/contrib/tablefunc";
import { schema } from "./schema.ts";
import { readSnapshot, type Snapshot } from "./snapshot.ts";

/** What PostgreSQL had before and after a text, or the error it ended with. */
export type Execution =
  | { readonly kind: "ran"; readonly before: Snapshot; readonly after: Snapshot }
  | { readonly kind: "failed"; readonly message: string };

/** A PostgreSQL with the populated schema, in this process. Every text runs on the same state: it is rolled back. */
export interface Oracle {
  execute(sql: string): Promise<Execution>;
  close(): Promise<void>;
}

/** Takes seconds: PGlite starts a whole server in WebAssembly. One is enough for a test file. */
export async function openOracle(): Promise<Oracle> {
  const database = await PGlite.create({ extensions: { citext, hstore, tablefunc } });
  await database.exec(schema);
  const before = await readSnapshot(database);
  return {
    async execute(sql) {
      await database.exec("BEGIN");
      try {
        await database.exec(sql);
        await database.exec("RESET ROLE; RESET search_path"); // names are read as they were before
        return { kind: "ran", before, after: await readSnapshot(database) };
      } catch (error) {
        return { kind: "failed", message: error instanceof Error ? error.message : String(error) };
      } finally {
        await database.exec("ROLLBACK");
        await resetSession(database, before);
      }
    },
    close: () => database.close(),
  };
}

/** What ROLLBACK does not undo: setval() and nextval(), and prepared statements. */
async function resetSession(database: PGlite, before: Snapshot): Promise<void> {
  await database.exec("DEALLOCATE ALL");
  for (const { name, position, isCalled } of before.sequences) {
    await database.query("SELECT setval($1::regclass, $2, $3)", [name, position, isCalled]);
  }
}
