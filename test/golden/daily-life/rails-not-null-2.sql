ALTER TABLE "users" VALIDATE CONSTRAINT "users_name_null";
ALTER TABLE "users" ALTER COLUMN "name" SET NOT NULL;
ALTER TABLE "users" DROP CONSTRAINT "users_name_null";
