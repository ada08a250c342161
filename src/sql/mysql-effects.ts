import { isRecord } from "./parse.ts";

type Tree = Readonly<Record<string, unknown>>;

/** What a MySQL statement does, in the words of the rules: a rule's id and its subject, or a reason why it cannot be told. */
export type Effect =
  | { readonly kind: "hit"; readonly rule: string; readonly subject: string }
  | { readonly kind: "opaque"; readonly reason: string };

function hit(rule: string, subject: string): Effect {
  return { kind: "hit", rule, subject };
}

function opaque(what: string): readonly Effect[] {
  return [{ kind: "opaque", reason: `${what}, which is not judged for MySQL and MariaDB yet` }];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** "db.table" of a table reference, or of a name as it stands. */
function nameOf(value: unknown): string {
  if (typeof value === "string") return value;
  if (!isRecord(value)) return "?";
  const name = value["table"] ?? value["trigger"] ?? value["column"] ?? value["name"];
  const schema = value["db"] ?? value["schema"];
  return typeof schema === "string" ? `${schema}.${String(name)}` : String(name);
}

/** Whether a condition may hold for every row: no column in it, or an OR with a side that has none. */
function mayAlwaysHold(where: unknown): boolean {
  if (!isRecord(where)) return true;
  if (where["operator"] === "OR") return mayAlwaysHold(where["left"]) || mayAlwaysHold(where["right"]);
  if (where["operator"] === "AND") return mayAlwaysHold(where["left"]) && mayAlwaysHold(where["right"]);
  return !hasColumn(where);
}

function hasColumn(root: unknown): boolean {
  const stack: unknown[] = [root];
  for (let value = stack.pop(); value !== undefined; value = stack.pop()) {
    if (isRecord(value) && value["type"] === "column_ref") return true;
    if (typeof value === "object" && value !== null)
      stack.push(...Object.values(value).filter((inner) => inner !== undefined));
  }
  return false;
}

function rowEffects(verb: "delete" | "update", tree: Tree): readonly Effect[] {
  const rule = mayAlwaysHold(tree["where"]) ? `${verb}-without-where` : verb;
  return list(tree["table"]).map((table) => hit(rule, nameOf(table)));
}

const dropRules: Readonly<Record<string, string>> = {
  table: "drop-table",
  database: "drop-database",
  schema: "drop-database",
  view: "drop-view",
  index: "drop-index",
  trigger: "drop-trigger",
};

function dropEffects(tree: Tree): readonly Effect[] {
  const rule = dropRules[String(tree["keyword"])];
  return rule === undefined
    ? opaque(`DROP ${String(tree["keyword"]).toUpperCase()}`)
    : list(tree["name"]).map((name) => hit(rule, nameOf(name)));
}

function dropInTable(table: string, action: Tree): readonly Effect[] {
  const { resource, keyword } = action;
  if (resource === "column") return [hit("drop-column", `${table}.${nameOf(action["column"])}`)];
  if (resource === "index") return [hit("drop-index", nameOf(action["index"]))];
  if (resource === "key" || resource === "constraint") return [hit("drop-constraint", `${table}.${String(keyword)}`)];
  if (resource === "partition") return [hit("truncate", `${table} (partition)`)];
  return opaque("ALTER TABLE … DROP of this kind");
}

function changedColumn(table: string, action: Tree): readonly Effect[] {
  const [from, to] = [nameOf(action["old_column"] ?? action["column"]), nameOf(action["column"])];
  const renamed = from === to ? [] : [hit("rename-column", `${table}.${from}`)];
  return [...renamed, ...opaque(`a new definition of column ${table}.${to} may cut its values`)];
}

function tableEffects(table: string, action: Tree): readonly Effect[] {
  const { resource } = action;
  switch (action["action"]) {
    case "add":
      return resource === "column" || resource === "index" ? [] : opaque("ALTER TABLE … ADD of this kind");
    case "drop":
      return dropInTable(table, action);
    case "truncate":
      return [hit("truncate", `${table} (partition)`)];
    case "rename":
      if (resource === "table") return [hit("rename-table", table)];
      return resource === "column"
        ? [hit("rename-column", `${table}.${nameOf(action["old_column"])}`)]
        : opaque("this RENAME");
    case "change":
    case "modify":
      return changedColumn(table, action);
    default:
      return opaque("this form of ALTER TABLE");
  }
}

function alterEffects(tree: Tree): readonly Effect[] {
  const tables = list(tree["table"]).map(nameOf);
  const actions = list(tree["expr"]).filter(isRecord);
  if (tree["expr"] === undefined || actions.length === 0) return opaque("this ALTER");
  return tables.flatMap((table) => actions.flatMap((action) => tableEffects(table, action)));
}

function createEffects(tree: Tree): readonly Effect[] {
  const keyword = String(tree["keyword"]);
  const isHarmless = keyword === "table" || keyword === "index" || keyword === "database";
  if (keyword === "table" && tree["ignore_replace"] === "replace") return opaque("CREATE TABLE … REPLACE");
  return isHarmless && tree["replace"] == null ? [] : opaque(`CREATE ${keyword.toUpperCase()}`);
}

const harmlessSettings = new Set(["foreign_key_checks", "unique_checks", "autocommit", "time_zone"]);

function settingEffects(tree: Tree): readonly Effect[] {
  return list(tree["expr"]).flatMap((assignment) => {
    const variable: unknown = isRecord(assignment) ? assignment["left"] : undefined;
    const name = isRecord(variable) ? String(variable["name"]).toLowerCase() : "?";
    return harmlessSettings.has(name) && tree["keyword"] == null ? [] : opaque(`SET ${name}`);
  });
}

function selectEffects(tree: Tree): readonly Effect[] {
  const into = tree["into"];
  return isRecord(into) && into["keyword"] != null ? opaque("SELECT … INTO a file or variable") : [];
}

function insertEffects(tree: Tree): readonly Effect[] {
  const overwrites = tree["type"] === "replace" || tree["on_duplicate_update"] != null;
  return overwrites ? list(tree["table"]).map((table) => hit("update", nameOf(table))) : [];
}

function renameEffects(tree: Tree): readonly Effect[] {
  return list(tree["table"]).map((pair) => hit("rename-table", nameOf(list(pair)[0])));
}

const readers: Readonly<Record<string, (tree: Tree) => readonly Effect[]>> = {
  select: selectEffects,
  insert: insertEffects,
  replace: insertEffects,
  create: createEffects,
  drop: dropEffects,
  alter: alterEffects,
  truncate: (tree) => list(tree["name"]).map((name) => hit("truncate", nameOf(name))),
  delete: (tree) => rowEffects("delete", tree),
  update: (tree) => rowEffects("update", tree),
  rename: renameEffects,
  set: settingEffects,
  transaction: () => [],
  lock: () => [],
  unlock: () => [],
  show: () => [],
  desc: () => [],
};

/** Harmless only if it is on the list above; whatever is not is opaque. */
export function effectsOf(tree: Tree): readonly Effect[] {
  const type = String(tree["type"]);
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined;
  return read === undefined ? opaque(`a statement of kind ${type.toUpperCase()}`) : read(tree);
}

/** Statements that leave the schema as it is. */
export function changesMysqlSchema(tree: Tree): boolean {
  return ["create", "drop", "alter", "rename"].includes(String(tree["type"]));
}
