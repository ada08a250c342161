/**
 * Images whose psql reads SQL as written. They are the publishers' own; a copy in another registry may hold anything, so a
 * policy has to name it (`images`).
 */
export const usualClients: readonly string[] = [
  "docker.io/library/postgres",
  "docker.io/library/mysql",
  "docker.io/library/mariadb",
  "docker.io/alpine/psql",
  "docker.io/bitnami/postgresql",
  "docker.io/bitnamilegacy/postgresql",
  "docker.io/pgvector/pgvector",
  "docker.io/postgis/postgis",
  "docker.io/timescale/timescaledb",
  "docker.io/timescale/timescaledb-ha",
  "ghcr.io/cloudnative-pg/postgis",
  "ghcr.io/cloudnative-pg/postgresql",
];
