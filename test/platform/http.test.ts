import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { download, isFetchable } from "../../src/platform/http.ts";
import { deadUrl, priceServer } from "../helpers/price-server.ts";

const OPTIONS = { etag: null, userAgent: "test/1", timeoutMs: 5000, maxBytes: 1000 };

test("brings what is there, and says who asks and what is known", async () => {
  const server = await priceServer((_, response) => response.setHeader("etag", '"v1"').end("[1]"));
  const got = await download(server.url, { ...OPTIONS, etag: '"v0"' });
  expect([got.status, got.etag, got.body.toString()]).toEqual([200, '"v1"', "[1]"]);
  expect(server.requests[0]?.headers).toMatchObject({ "if-none-match": '"v0"', "user-agent": "test/1" });
  expect(server.requests[0]?.headers).not.toHaveProperty("cookie");
});

test("304 brings nothing", async () => {
  const server = await priceServer((_, response) => response.writeHead(304).end());
  expect((await download(server.url, OPTIONS)).status).toBe(304);
});

test.each([
  ["more than was asked for", "larger than", (size: number) => Buffer.alloc(size, 32)],
  ["little that unpacks to much", "larger than", (size: number) => gzipSync(Buffer.alloc(size * 100, 32))],
])("%s is cut off", async (_, reason, make) => {
  const body = make(5000);
  const packed = body[0] === 0x1f;
  const server = await priceServer((_request, response) => {
    if (packed) response.setHeader("content-encoding", "gzip");
    response.end(body);
  });
  await expect(download(server.url, OPTIONS)).rejects.toThrow(reason);
});

test("a server that never ends its answer is left", async () => {
  const server = await priceServer((_, response) => void response.writeHead(200).write("["));
  await expect(download(server.url, { ...OPTIONS, timeoutMs: 200 })).rejects.toThrow("no answer within 0.2 s");
});

test("a server that never answers is left", async () => {
  const server = await priceServer(() => undefined);
  await expect(download(server.url, { ...OPTIONS, timeoutMs: 200 })).rejects.toThrow("no answer within");
});

test("nobody there, or an error, is told in a few words that are ours", async () => {
  await expect(download(await deadUrl(), OPTIONS)).rejects.toThrow("no connection (ECONNREFUSED)");
  const server = await priceServer((_, response) => response.writeHead(500).end("SENTINEL"));
  await expect(download(server.url, OPTIONS)).rejects.toThrow(/^the server answered 500$/);
});

test("follows a few redirects on this machine, none to an address without encryption elsewhere, and not for ever", async () => {
  const end = await priceServer((_, response) => response.end("here"));
  const start = await priceServer((_, response) => response.writeHead(302, { location: end.url }).end());
  expect((await download(start.url, OPTIONS)).body.toString()).toBe("here");
  const plain = await priceServer((_, response) => response.writeHead(302, { location: "http://prices.invalid/" }).end());
  await expect(download(plain.url, OPTIONS)).rejects.toThrow("not https");
  const loop = await priceServer((request, response) => response.writeHead(307, { location: request.url }).end());
  await expect(download(loop.url, OPTIONS)).rejects.toThrow("on and on");
  expect(loop.requests.length).toBe(4);
});

test("which addresses may be fetched", () => {
  const allowed = ["https://example.com/a", "http://127.0.0.1:1/a", "http://localhost/a", "http://[::1]:8/a"];
  const refused = [
    "http://example.com/a",
    "http://127.0.0.1.example.com/",
    "http://localhost.example.com/",
    "https://user:key@example.com/",
    "file:///etc/passwd",
    "data:,x",
    "ftp://example.com/",
    "prices.json",
    "",
  ];
  expect(allowed.filter((url) => !isFetchable(url))).toEqual([]);
  expect(refused.filter(isFetchable)).toEqual([]);
});
