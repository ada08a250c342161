import { majorVersionChanged } from "../../src/changes/major-version-changed.ts";
import { cluster, describeChange, update } from "./requests.ts";

const image = (tag: string) => cluster({ imageName: `ghcr.io:443/cloudnative-pg/postgresql${tag}` });
const catalog = (major: number) => cluster({ imageCatalogRef: { kind: "ImageCatalog", name: "pg", major } });

describeChange(majorVersionChanged, {
  "a newer major": { request: update(image(":17.12"), image(":18.1")), shows: ["PostgreSQL major version 17 → 18"] },
  "an older major": {
    request: update(image(":17"), image(":16-bookworm")),
    shows: ["PostgreSQL major version 17 → 16"],
  },
  "with a digest": {
    request: update(image(":17.12@sha256:0a"), image(":18.1@sha256:0b")),
    shows: ["PostgreSQL major version 17 → 18"],
  },
  "another number of a catalogue": {
    request: update(catalog(17), catalog(18)),
    shows: ["PostgreSQL major version 17 → 18"],
  },
  "from an image to a catalogue": {
    request: update(image(":17.12"), catalog(18)),
    shows: ["PostgreSQL major version 17 → 18"],
  },
  "a minor version": { request: update(image(":17.11"), image(":17.12")), shows: [] },
  "an image that does not say it": { request: update(image(":17.12"), image("@sha256:0a")), shows: [] },
});
