// Serves a folder on this machine: `node serve.mjs FOLDER [--port N]`. A taken port moves to the next.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize, resolve, sep } from "node:path";
import { pathToFileURL } from "node:url";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".webmanifest": "application/manifest+json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".ico": "image/x-icon",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".woff2": "font/woff2",
};

/** Starts a server; gives its address and a way to close it. */
export async function serve(folder, { port = 0, headers = {} } = {}) {
  const root = resolve(folder);
  const server = createServer(async (request, response) => {
    try {
      const path = decodeURIComponent(new URL(request.url, "http://localhost").pathname);
      let file = join(root, normalize(path));
      if (file !== root && !file.startsWith(root + sep)) throw new Error("outside");
      if ((await stat(file)).isDirectory()) file = join(file, "index.html");
      await stat(file);
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream", "cache-control": "no-cache", ...headers });
      if (request.method === "HEAD") response.end();
      else createReadStream(file).pipe(response);
    } catch {
      response.writeHead(404, { "content-type": "text/plain; charset=utf-8" }).end("not found\n");
    }
  });
  await new Promise((done, failed) => {
    let next = port;
    server.on("error", (error) => {
      if (error.code === "EADDRINUSE" && next > 0 && next < port + 20) server.listen(++next, "127.0.0.1");
      else failed(error);
    });
    server.listen(next, "127.0.0.1", done);
  });
  const address = `http://localhost:${server.address().port}/`;
  return { address, close: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const [folder, ...flags] = process.argv.slice(2);
  const port = Number(flags[flags.indexOf("--port") + 1]);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    console.error("--port wants a number from 0 to 65535");
    process.exit(1);
  }
  const { address } = await serve(folder, { port });
  console.log(`the page is at ${address} (Ctrl+C stops it)`);
}
