import { field } from "../../deploy/objects.ts";
import { type Client, emergencyOf } from "../client.ts";

/** Looks into a database of a CNPG Cluster without asking the gate, as on-call people do: by the emergency group. */
export interface Database {
  /** Rows of a query, each a list of texts; NULL is "". */
  query(sql: string): Promise<readonly (readonly string[])[]>;
  /** Names of a table's columns, in order. */
  columns(table: string): Promise<readonly string[]>;
}

export function openDatabase(client: Client, namespace: string, cluster: string, database = "app"): Database {
  const emergency = emergencyOf(client);

  async function query(sql: string): Promise<readonly (readonly string[])[]> {
    const found = await client.read("postgresql.cnpg.io/v1", "Cluster", namespace, cluster);
    const primary = String(field(found, "status", "currentPrimary"));
    const psql = [
      "psql",
      "--no-psqlrc",
      "--tuples-only",
      "--no-align",
      "--field-separator=\t",
      "--set=ON_ERROR_STOP=1",
    ];
    const place = ["--namespace", namespace, primary, "--container=postgres", "--stdin"];
    const printed = await emergency.kubectl(["exec", ...place, "--", ...psql, `--dbname=${database}`], sql);
    return printed
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t"));
  }

  return {
    query,
    async columns(table) {
      const of = `attrelid = '${table}'::regclass AND attnum > 0 AND NOT attisdropped`;
      return (await query(`SELECT attname FROM pg_attribute WHERE ${of} ORDER BY attnum`)).flat();
    },
  };
}
