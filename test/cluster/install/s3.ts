import type { Manifest } from "../../deploy/objects.ts";
import { images } from "../versions.ts";
import { addressOf, serverObjects } from "./neighbours.ts";

const port = 7070;
const folder = "/data";

/** Who may read and write it, and where backups go: a bucket is a folder. */
export const s3 = {
  endpoint: `http://${addressOf("s3")}:${port}`,
  bucket: "backups",
  accessKey: "backup-writer",
  secretKey: "backup-writer-secret",
} as const;

/** An S3 server over a folder of its Pod. */
export function s3Objects(): readonly Manifest[] {
  const makeBucket = {
    ...{ name: "bucket", image: images.neighbours, command: ["mkdir", "-p", `${folder}/${s3.bucket}`] },
    volumeMounts: [{ name: "data", mountPath: folder }],
  };
  return serverObjects({
    ...{ name: "s3", port, targetPort: port, folder, initContainers: [makeBucket] },
    command: ["versitygw", "--port", `:${port}`, "posix", folder],
    env: { ROOT_ACCESS_KEY: s3.accessKey, ROOT_SECRET_KEY: s3.secretKey },
  });
}
