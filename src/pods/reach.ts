import { fields, items, textAt, textOf, valueAt } from "../model/fields.ts";
import type { KubernetesObject } from "../model/kubernetes.ts";
import type { Word } from "../model/run.ts";
import { displayWord, knownText } from "../model/word.ts";
import type { Container, PodContext } from "./containers.ts";
import { matchesImage } from "./image.ts";
import { secretsOf } from "./secrets.ts";
import { usualClients } from "./usual-clients.ts";
import { volumeContent } from "./volumes.ts";

/** Variables that say where a database is, or that switch migrations on. */
const databaseVariables: readonly RegExp[] = [
  /^PG(HOST|HOSTADDR|DATABASE|USER|PASSWORD|SERVICE|PASSFILE)$/,
  /^MYSQL_PWD$/,
  /(^|_)(DATABASE|DB|POSTGRES|POSTGRESQL|PG|MYSQL|MARIADB|JDBC|SQLALCHEMY|DIRECT)_?(\w+_)?(URL|URI|DSN|DBSTRING|CONNECTION|CONNECTION_STRING|HOST|HOSTNAME|SERVER)$/i,
  /(^|_)(DATABASE|DB|POSTGRES|POSTGRESQL|PG)_?(PASSWORD|PASS|USER|USERNAME|NAME)$/i,
  /^(POSTGRES|POSTGRESQL)_(DB|DATABASE)$/,
  /^(FLYWAY|LIQUIBASE|GOOSE|DBMATE|TYPEORM|ALEMBIC|SPRING_(DATASOURCE|FLYWAY|LIQUIBASE)|QUARKUS_(DATASOURCE|FLYWAY))_/,
  /^ConnectionStrings__/i,
];

/** Why a container can reach a database (design section 6, Reach), in words; none: it cannot, as far as anyone can tell. */
export function databaseReferences(
  container: Container,
  env: ReadonlyMap<string, Word>,
  argv: readonly Word[],
  pod: PodContext,
): readonly string[] {
  const secrets = secretsOf(container, pod).filter((name) => isDatabaseSecret(name, pod));
  const own = [...env].filter(([name]) => !/_(RW|RO|R)_SERVICE_(HOST|PORT)$/.test(name));
  const variables = own.filter(([name, value]) => saysDatabase(name, value)).map(([name]) => name);
  const texts = [...[...own.map(([, value]) => value), ...argv].map(displayWord), ...mountedTexts(container, pod)];
  return [
    ...secrets.map((name) => `Secret ${name} of a Cluster`),
    ...variables.map((name) => `variable ${name}`),
    ...(texts.some((text) => mentionsDatabase(text, pod)) ? ["a database's address"] : []),
    ...(matchesImage(container.image, usualClients) ? ["the image of a database client"] : []),
    ...(argv.some((word) => client.test(displayWord(word))) ? ["a database client's name"] : []),
  ];
}

/** Files that the container's program may read its settings from. */
function mountedTexts(container: Container, pod: PodContext): readonly string[] {
  const names = items(container.fields["volumeMounts"]).map((mount) => textOf(fields(mount)["name"]));
  const contents = [...new Set(names)].flatMap((name) => [...volumeContent(name, pod).files.values()]);
  return contents.flatMap((reading) => (reading.kind === "text" ? [displayWord(reading.text)] : []));
}

/** Volumes of a Cluster's own instances that the container mounts: `rm` needs no database connection. */
export function clusterVolumes(container: Container, pod: PodContext): readonly string[] {
  const mounted = new Set(items(container.fields["volumeMounts"]).map((mount) => fields(mount)["name"]));
  const claims = items(pod.spec["volumes"])
    .filter((volume) => mounted.has(fields(volume)["name"]))
    .map((volume) => textAt(volume, "persistentVolumeClaim", "claimName"));
  return claims.filter((claim) => ownClusters(pod).some((cluster) => isInstanceVolume(claim, cluster.metadata.name)));
}

/** CNPG names them <cluster>-<number>, with -wal or -tbs-<name> behind it. */
function isInstanceVolume(claim: string, cluster: string): boolean {
  return claim.startsWith(`${cluster}-`) && /^\d+(?:-wal|-tbs-.+)?$/.test(claim.slice(cluster.length + 1));
}

/** A client that some other program may start: `watch "psql -c …"`. */
const client = /(^|[\s/'"])(psql|pg_restore|mysql|mariadb)($|[\s'"])/;

function saysDatabase(name: string, value: Word): boolean {
  if (databaseVariables.some((pattern) => pattern.test(name))) return true;
  return /migrat/i.test(name) && /^(true|1|yes|on)$/i.test(knownText(value) ?? "");
}

/** CloudNativePG's own names, and every Secret that a Cluster of the namespace names. */
function isDatabaseSecret(name: string, pod: PodContext): boolean {
  return ownClusters(pod).some((cluster) => {
    const spec = fields(cluster["spec"]);
    const named = [
      `${cluster.metadata.name}-app`,
      `${cluster.metadata.name}-superuser`,
      textAt(spec, "superuserSecret", "name"),
      ...Object.values(fields(spec["bootstrap"])).map((method) => textAt(method, "secret", "name")),
      ...items(valueAt(spec, "managed", "roles")).map((role) => textAt(role, "passwordSecret", "name")),
    ];
    return named.includes(name);
  });
}

function mentionsDatabase(text: string, pod: PodContext): boolean {
  if (/\b(postgres|postgresql|pgx5?|mysql|mariadb)(\+\w+)?:\/\//i.test(text)) return true;
  return pod.clusters.some((cluster) => {
    const { name, namespace } = cluster.metadata;
    const hosts = ["rw", "ro", "r"].map((role) => `${name}-${role}`);
    const written = namespace === pod.namespace ? hosts : hosts.map((host) => `${host}.${namespace}`);
    return written.some((host) => mentionsHost(text, host));
  });
}

/** As a word of its own: "app-rw" is not in "my-app-rw2". */
function mentionsHost(text: string, host: string): boolean {
  for (let at = text.indexOf(host); at >= 0; at = text.indexOf(host, at + 1)) {
    const around = `${text.charAt(at - 1)} ${text.charAt(at + host.length)}`;
    if (!/[\w-]/.test(around)) return true;
  }
  return false;
}

function ownClusters(pod: PodContext): readonly KubernetesObject[] {
  return pod.clusters.filter((cluster) => cluster.metadata.namespace === pod.namespace);
}
