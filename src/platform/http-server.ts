/** The door for other programs on this machine that ask: one page, read only, on the loopback interface. */
import { createServer } from "node:http";

export interface Served {
  /** Where it listens: the port may have been left to the system. */
  port: number;
  close(): Promise<void>;
}

/** Serves `path` with what `make` returns; everything else is 404. Refuses requests that name another host (DNS rebinding). */
export function servePage(host: string, port: number, path: string, type: string, make: () => Promise<string>): Promise<Served> {
  const server = createServer((request, response) => {
    const named = (request.headers.host ?? "").replace(/:\d+$/, "");
    if (request.method !== "GET" || !LOCAL.has(named) || request.url?.split("?", 1)[0] !== path) {
      response.writeHead(LOCAL.has(named) ? 404 : 403).end();
      return;
    }
    make().then(
      (text) => response.writeHead(200, { "content-type": type }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.requestTimeout = TIMEOUT_MS;
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve({
        port: typeof address === "object" && address !== null ? address.port : port,
        close: () => new Promise((done) => void server.close(() => done())),
      });
    });
  });
}

const TIMEOUT_MS = 10_000;
const LOCAL: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "[::1]"]);
