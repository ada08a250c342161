INSERT INTO "public"."flyway_schema_history" ("installed_rank", "version", "description", "type", "script", "checksum", "installed_by", "execution_time", "success")
VALUES (2, '2', 'phones', 'SQL', 'V2__phones.sql', 1234, 'app', 5, true);
