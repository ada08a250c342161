/**
 * A Git server over smart HTTP, without accounts: each request goes to `git http-backend`, by CGI. A repository is made when
 * something is first pushed to it. PORT and REPOSITORIES (a folder) come from the environment.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";

const folder = process.env.REPOSITORIES;
const repositoryPath = /^\/([a-z0-9][a-z0-9-]*\.git)\/(?:info\/refs|git-upload-pack|git-receive-pack)$/;
const log = (line) => process.stderr.write(`${new Date().toISOString()} ${line}\n`);

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    log(`${request.method} ${request.url}: ${error.stack}`);
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.listen(Number(process.env.PORT), () => log(`listening on ${server.address().port}`));
process.on("SIGTERM", () => process.exit(0));

async function answer(request, response) {
  const { pathname, search } = new URL(request.url, "http://git");
  if (pathname === "/") return void response.end("ok\n");
  const [, repository] = repositoryPath.exec(pathname) ?? [];
  const isPush = pathname.endsWith("/git-receive-pack") || search === "?service=git-receive-pack";
  if (repository !== undefined && isPush) createIfNew(join(folder, repository));
  if (repository === undefined || !existsSync(join(folder, repository))) {
    response.writeHead(404);
    return void response.end(`no repository at ${pathname}\n`);
  }
  await runBackend(request, response, pathname, search.slice(1));
}

/** Synchronous: of two first pushes at once, one makes it and the other finds it. */
function createIfNew(path) {
  if (existsSync(path)) return;
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", path], { stdio: "pipe" });
  execFileSync("git", ["-C", path, "config", "http.receivepack", "true"], { stdio: "pipe" });
  log(`made ${path}`);
}

async function runBackend(request, response, pathname, query) {
  const { headers } = request;
  const backend = spawn("git", ["http-backend"], {
    stdio: ["pipe", "pipe", "pipe"],
    env: {
      ...process.env,
      GIT_PROJECT_ROOT: folder,
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: pathname,
      QUERY_STRING: query,
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: headers["content-type"] ?? "",
      // the backend unpacks gzip by itself; without a length (chunked) it reads to the end
      HTTP_CONTENT_ENCODING: headers["content-encoding"] ?? "",
      ...(headers["content-length"] === undefined ? {} : { CONTENT_LENGTH: headers["content-length"] }),
      ...(headers["git-protocol"] === undefined ? {} : { GIT_PROTOCOL: headers["git-protocol"] }),
      REMOTE_ADDR: request.socket.remoteAddress ?? "",
    },
  });
  // the client has gone before its answer was whole
  response.on("close", () => response.writableFinished || backend.kill());
  backend.stderr.on("data", (said) => log(`${request.method} ${request.url}: ${String(said).trim()}`));
  // it may answer and end before it has read everything
  backend.stdin.on("error", () => request.resume());
  request.pipe(backend.stdin);
  const ended = new Promise((resolve, reject) => {
    backend.on("error", reject);
    backend.on("exit", resolve);
  });
  const [code] = await Promise.all([ended, pipeline(withoutCgiHeaders(backend.stdout, response), response)]);
  log(`${request.method} ${request.url} ${response.statusCode}${code === 0 ? "" : `, backend ended with ${code}`}`);
}

/** Gives the body, after its headers were taken off and written to the response: `Status: 404 Not Found`, then the rest. */
async function* withoutCgiHeaders(output, response) {
  let head = Buffer.alloc(0);
  let isBody = false;
  for await (const chunk of output) {
    if (isBody) {
      yield chunk;
      continue;
    }
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0) continue;
    isBody = true;
    writeHeaders(head.subarray(0, end).toString("latin1").split("\r\n"), response);
    yield head.subarray(end + 4);
  }
  if (!isBody) throw new Error(`the backend gave no headers: ${head.toString("latin1")}`);
}

function writeHeaders(lines, response) {
  for (const line of lines) {
    const colon = line.indexOf(":");
    const [name, value] = [line.slice(0, colon), line.slice(colon + 1).trim()];
    if (name.toLowerCase() === "status") response.statusCode = Number.parseInt(value, 10);
    else response.setHeader(name, value);
  }
}
