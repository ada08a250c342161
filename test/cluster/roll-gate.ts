import { gateImage, imageArchives } from "./build/images.ts";
import { findCluster } from "./cluster.ts";
import { changePlatform } from "./environment.ts";
import { useImage } from "./install/gate.ts";
import { importImages } from "./sandbox/node.ts";

/** `npm run cluster:roll [name]`: the gate of this working tree into a running cluster, by Flux, as a release would come. */
const name = process.argv[2] ?? "main";
const say = (line: string) => void process.stderr.write(`${line}\n`);
const cluster = findCluster(name);
if (cluster === undefined) throw new Error(`no cluster ${name} runs here: npm run cluster:up`);
const archives = await imageArchives(say);
const tag = gateImage.split(":").at(-1) ?? "";
await importImages(
  cluster.sandbox,
  archives.filter((path) => path.includes(tag)),
);
await changePlatform(cluster.client, `Run ${gateImage}`, (folder) => useImage(folder, gateImage));
