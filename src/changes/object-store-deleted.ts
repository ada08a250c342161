import type { Change } from "../model/change.ts";
import { deletionHit } from "./hits.ts";
import { deleted } from "./judged.ts";
import { clustersUsing } from "./object-store-references.ts";

/** DELETE of a barman-cloud ObjectStore: it has neither webhook nor finalizer (cnpg.md sections 1.3 and 3). */
export const objectStoreDeleted: Change = {
  id: "object-store-deleted",
  title: "ObjectStore deleted",
  hazard: "recoverability",
  phase: "contract",
  resources: ["barmancloud.cnpg.io/objectstores"],
  operations: ["DELETE"],
  why: "archiving fails until the disk is full and the database stops; restores cannot find their backups",
  instead:
    "move every Cluster to another ObjectStore first, and keep this one for as long as its backups may be needed",
  check(request, facts) {
    const store = deleted(request);
    if (store === null) return [];
    const users = clustersUsing(store, facts);
    if (users.length === 0) return [deletionHit(store, "", "deletes the ObjectStore that backups are found by")];
    return users.map((user) => deletionHit(store, user, `deletes the ObjectStore that Cluster ${user} uses`));
  },
};
