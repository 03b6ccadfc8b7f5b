/** The door to providers: one request, its reply as it arrives. No redirects, no time limit on a reply that keeps coming. */
import { request as requestHttp, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { type Duplex, pipeline, type Readable } from "node:stream";
import { createBrotliDecompress, createGunzip, createInflate } from "node:zlib";
import { isFetchable, NOT_FETCHABLE } from "./http.ts";

export interface AskOptions {
  method: "GET" | "POST";
  headers: Readonly<Record<string, string>>;
  body?: string;
  /** Ends the request, on the provider's side too. */
  signal: AbortSignal;
  /** How long nothing may arrive. */
  idleMs: number;
}

export interface Answered {
  status: number;
  contentType: string;
  /** The body, decompressed. @throws AskError where it ends before its end. */
  chunks: AsyncIterable<Buffer>;
}

/** A request that did not work out; the message says why in a few words and holds nothing that was sent. */
export class AskError extends Error {}

/** Sends a request to an address that is encrypted or on this machine. @throws AskError when no reply begins. */
export function ask(url: string, options: AskOptions): Promise<Answered> {
  if (!isFetchable(url)) return Promise.reject(new AskError(NOT_FETCHABLE));
  const { method, headers, body, signal, idleMs } = options;
  const send = url.startsWith("https:") ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
    const request = send(url, { method, signal, agent: false, headers: { "accept-encoding": "identity", ...headers, ...length } });
    request.setTimeout(idleMs, () => request.destroy(new AskError(`nothing arrived for ${Math.round(idleMs / 1000)} s`)));
    request.on("error", (error) => reject(explain(error)));
    request.on("response", (reply) => {
      const contentType = reply.headers["content-type"] ?? "";
      resolve({ status: reply.statusCode ?? 0, contentType, chunks: chunksOf(plain(reply)) });
    });
    request.end(body);
  });
}

/** The first `maxBytes` of a body as text; the rest is not waited for. */
export async function readText(answered: Answered, maxBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answered.chunks) {
    chunks.push(chunk);
    size += chunk.length;
    if (size >= maxBytes) break;
  }
  return Buffer.concat(chunks).toString("utf8", 0, maxBytes);
}

async function* chunksOf(stream: Readable): AsyncGenerator<Buffer> {
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) yield chunk;
  } catch (error) {
    throw explain(error);
  }
}

const DECODERS: ReadonlyMap<string, () => Duplex> = new Map([
  ["gzip", createGunzip],
  ["x-gzip", createGunzip],
  ["deflate", createInflate],
  ["br", createBrotliDecompress],
]);

/** Some servers compress whatever is asked. */
function plain(reply: IncomingMessage): Readable {
  const decoder = DECODERS.get((reply.headers["content-encoding"] ?? "").toLowerCase());
  if (decoder === undefined) return reply;
  // What goes wrong comes out of the decoder, where it is read.
  return pipeline(reply, decoder(), () => undefined);
}

function explain(error: unknown): AskError {
  if (error instanceof AskError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  if (code === "ABORT_ERR") return new AskError("it was cancelled");
  if (code === "ECONNRESET" || code === "ERR_STREAM_PREMATURE_CLOSE") return new AskError("the connection was cut");
  return new AskError(`no connection${code === "" ? "" : ` (${code})`}`);
}
