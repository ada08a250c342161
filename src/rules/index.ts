import type { Rule } from "../model/rule.ts";
import { addNotNullColumnWithoutDefault } from "./add-not-null-column-without-default.ts";
import { alterColumnType } from "./alter-column-type.ts";
import { alterSystem } from "./alter-system.ts";
import { copyProgram } from "./copy-program.ts";
import { deleteRows } from "./delete.ts";
import { deleteWithoutWhere } from "./delete-without-where.ts";
import { detachPartition } from "./detach-partition.ts";
import { disableRls } from "./disable-rls.ts";
import { disableTrigger } from "./disable-trigger.ts";
import { discardingRule } from "./discarding-rule.ts";
import { discardingTrigger } from "./discarding-trigger.ts";
import { dropAttribute } from "./drop-attribute.ts";
import { dropCascade } from "./drop-cascade.ts";
import { dropColumn } from "./drop-column.ts";
import { dropConstraint } from "./drop-constraint.ts";
import { dropDatabase } from "./drop-database.ts";
import { dropExtension } from "./drop-extension.ts";
import { dropForeignTable } from "./drop-foreign-table.ts";
import { dropFunction } from "./drop-function.ts";
import { dropIndex } from "./drop-index.ts";
import { dropMaterializedView } from "./drop-materialized-view.ts";
import { dropNotNull } from "./drop-not-null.ts";
import { dropOwned } from "./drop-owned.ts";
import { dropPolicy } from "./drop-policy.ts";
import { dropPublication } from "./drop-publication.ts";
import { dropReplicationSlot } from "./drop-replication-slot.ts";
import { dropRole } from "./drop-role.ts";
import { dropRule } from "./drop-rule.ts";
import { dropSchema } from "./drop-schema.ts";
import { dropSequence } from "./drop-sequence.ts";
import { dropSubscription } from "./drop-subscription.ts";
import { dropTable } from "./drop-table.ts";
import { dropTrigger } from "./drop-trigger.ts";
import { dropTypeCascade } from "./drop-type-cascade.ts";
import { dropView } from "./drop-view.ts";
import { enableRls } from "./enable-rls.ts";
import { grantToPublic } from "./grant-to-public.ts";
import { insertOnConflictUpdate } from "./insert-on-conflict-update.ts";
import { mergeDelete } from "./merge-delete.ts";
import { mergeUpdate } from "./merge-update.ts";
import { pgCatalogDml } from "./pg-catalog-dml.ts";
import { powerfulRole } from "./powerful-role.ts";
import { reassignOwned } from "./reassign-owned.ts";
import { renameColumn } from "./rename-column.ts";
import { renameEnumValue } from "./rename-enum-value.ts";
import { renameFunction } from "./rename-function.ts";
import { renameSchema } from "./rename-schema.ts";
import { renameTable } from "./rename-table.ts";
import { replicaIdentity } from "./replica-identity.ts";
import { revoke } from "./revoke.ts";
import { rewindSequence } from "./rewind-sequence.ts";
import { roleNologin } from "./role-nologin.ts";
import { seedUpsert } from "./seed-upsert.ts";
import { sessionReplicationRole } from "./session-replication-role.ts";
import { setExpression } from "./set-expression.ts";
import { setNotNull } from "./set-not-null.ts";
import { setSchema } from "./set-schema.ts";
import { setUnlogged } from "./set-unlogged.ts";
import { truncate } from "./truncate.ts";
import { unlinkLargeObject } from "./unlink-large-object.ts";
import { unseenTriggerFunction } from "./unseen-trigger-function.ts";
import { updateRows } from "./update.ts";
import { updateByKey } from "./update-by-key.ts";
import { updateWithoutWhere } from "./update-without-where.ts";
import { weakenedForeignKey } from "./weakened-foreign-key.ts";

/** Every SQL rule, by id: one file each. A rule that is not listed here does not exist. */
export const rules: readonly Rule[] = [
  addNotNullColumnWithoutDefault,
  alterColumnType,
  alterSystem,
  copyProgram,
  deleteRows,
  deleteWithoutWhere,
  detachPartition,
  disableRls,
  disableTrigger,
  discardingRule,
  discardingTrigger,
  dropAttribute,
  dropCascade,
  dropColumn,
  dropConstraint,
  dropDatabase,
  dropExtension,
  dropForeignTable,
  dropFunction,
  dropIndex,
  dropMaterializedView,
  dropNotNull,
  dropOwned,
  dropPolicy,
  dropPublication,
  dropReplicationSlot,
  dropRole,
  dropRule,
  dropSchema,
  dropSequence,
  dropSubscription,
  dropTable,
  dropTrigger,
  dropTypeCascade,
  dropView,
  enableRls,
  grantToPublic,
  insertOnConflictUpdate,
  mergeDelete,
  mergeUpdate,
  pgCatalogDml,
  powerfulRole,
  reassignOwned,
  renameColumn,
  renameEnumValue,
  renameFunction,
  renameSchema,
  renameTable,
  replicaIdentity,
  revoke,
  rewindSequence,
  roleNologin,
  seedUpsert,
  sessionReplicationRole,
  setExpression,
  setNotNull,
  setSchema,
  setUnlogged,
  truncate,
  unlinkLargeObject,
  unseenTriggerFunction,
  updateRows,
  updateByKey,
  updateWithoutWhere,
  weakenedForeignKey,
];
