DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20240101_Initial') THEN
    CREATE TABLE "Teams" ("Id" integer NOT NULL);
    END IF;
END $EF$;

DO $EF$
BEGIN
    IF NOT EXISTS(SELECT 1 FROM "__EFMigrationsHistory" WHERE "MigrationId" = '20260101_NoTeams') THEN
    DROP TABLE "Teams";
    END IF;
END $EF$;
