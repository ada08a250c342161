INSERT INTO "schema_migrations" (version) VALUES ('20260101000000');
INSERT INTO "ar_internal_metadata" ("key", "value", "created_at", "updated_at") VALUES ('environment', 'production', '2026-01-01', '2026-01-01');
UPDATE "ar_internal_metadata" SET "value" = 'production', "updated_at" = '2026-02-02' WHERE "ar_internal_metadata"."key" = 'environment';
DELETE FROM "schema_migrations" WHERE "schema_migrations"."version" = '20250101000000';
