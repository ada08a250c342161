/** A receiver of webhooks: keeps every body that is POSTed to it, and gives them all, oldest first, to who GETs. PORT comes from the environment. */
import { createServer } from "node:http";
import { json } from "node:stream/consumers";

const received = [];

const server = createServer(async (request, response) => {
  try {
    if (request.method === "POST") received.push(await json(request));
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(request.method === "GET" ? received : { received: received.length }));
  } catch (error) {
    process.stderr.write(`${request.method} ${request.url}: ${error.message}\n`);
    response.writeHead(400).end();
  }
});
server.listen(Number(process.env.PORT), () => process.stderr.write(`listening on ${server.address().port}\n`));
process.on("SIGTERM", () => process.exit(0));
