import type { Tool } from "../model/tool.ts";
import { alembic } from "./alembic.ts";
import { atlas } from "./atlas.ts";
import { createdb } from "./createdb.ts";
import { createuser } from "./createuser.ts";
import { dbmate } from "./dbmate.ts";
import { diesel } from "./diesel.ts";
import { django } from "./django.ts";
import { doctrine } from "./doctrine.ts";
import { drizzle } from "./drizzle.ts";
import { dropdb } from "./dropdb.ts";
import { dropuser } from "./dropuser.ts";
import { ecto } from "./ecto.ts";
import { efCore } from "./ef-core.ts";
import { flaskMigrate } from "./flask-migrate.ts";
import { flyway } from "./flyway.ts";
import { golangMigrate } from "./golang-migrate.ts";
import { goose } from "./goose.ts";
import { knex } from "./knex.ts";
import { laravel } from "./laravel.ts";
import { liquibase } from "./liquibase.ts";
import { mariadb } from "./mariadb.ts";
import { mikroOrm } from "./mikro-orm.ts";
import { mysql } from "./mysql.ts";
import { nodePgMigrate } from "./node-pg-migrate.ts";
import { pgDump } from "./pg-dump.ts";
import { pgRestore } from "./pg-restore.ts";
import { pgroll } from "./pgroll.ts";
import { prisma } from "./prisma.ts";
import { psql } from "./psql.ts";
import { rails } from "./rails.ts";
import { schemahero } from "./schemahero.ts";
import { sequelize } from "./sequelize.ts";
import { springBoot } from "./spring-boot.ts";
import { sqitch } from "./sqitch.ts";
import { sqlx } from "./sqlx.ts";
import { typeorm } from "./typeorm.ts";

/** Every migration tool and database client the gate knows. */
export const tools: readonly Tool[] = [
  alembic,
  atlas,
  createdb,
  createuser,
  dbmate,
  diesel,
  django,
  doctrine,
  drizzle,
  dropdb,
  dropuser,
  ecto,
  efCore,
  flaskMigrate,
  flyway,
  golangMigrate,
  goose,
  knex,
  laravel,
  liquibase,
  mariadb,
  mikroOrm,
  mysql,
  nodePgMigrate,
  pgDump,
  pgRestore,
  pgroll,
  prisma,
  psql,
  rails,
  schemahero,
  sequelize,
  springBoot,
  sqitch,
  sqlx,
  typeorm,
];
