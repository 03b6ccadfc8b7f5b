/** The door to the network for downloads: bounded in time and bytes, encrypted unless the server is this machine. */
import { isLoopback } from "../core/loopback.ts";

export interface Download {
  /** HTTP status; 304 when what `etag` names is still current. */
  status: number;
  etag: string | null;
  /** Empty unless the status is 200. */
  body: Buffer;
}

export interface DownloadOptions {
  /** Of what is there already: sent as `If-None-Match`. */
  etag: string | null;
  userAgent: string;
  /** For all of it, redirects and body included. */
  timeoutMs: number;
  /** Of the body, decompressed. */
  maxBytes: number;
}

const MAX_REDIRECTS = 3;
const MAX_ETAG = 200;

/** A download that did not work out; the message says why in a few words, and holds nothing that the server sent but its status. */
export class DownloadError extends Error {
  /** What the server answered; null when no answer came. */
  readonly status: number | null;

  constructor(message: string, status: number | null = null) {
    super(message);
    this.status = status;
  }
}

export const NOT_FETCHABLE = "the address is neither https nor on this machine";

/** Whether an address may be fetched: https, or http on this machine; no name or password in it. */
export function isFetchable(url: string): boolean {
  if (!URL.canParse(url)) return false;
  const parsed = new URL(url);
  if (parsed.username !== "" || parsed.password !== "") return false;
  return parsed.protocol === "https:" || (parsed.protocol === "http:" && isLoopback(parsed.hostname));
}

/** Downloads `url`. @throws DownloadError for anything but a 200 or a 304 that arrives whole within the limits. */
export async function download(url: string, options: DownloadOptions): Promise<Download> {
  const signal = AbortSignal.timeout(options.timeoutMs);
  try {
    const response = await follow(url, options, signal);
    const etag = response.headers.get("etag");
    const kept = etag !== null && etag.length <= MAX_ETAG ? etag : null;
    if (response.status === 304) return { status: 304, etag: kept, body: Buffer.alloc(0) };
    if (response.status !== 200) {
      await response.body?.cancel();
      throw new DownloadError(`the server answered ${response.status}`, response.status);
    }
    return { status: 200, etag: kept, body: await readBounded(response, options.maxBytes) };
  } catch (error) {
    throw toDownloadError(error, signal, options.timeoutMs);
  }
}

/** Asks `url` and reads nothing of what it sends. @throws DownloadError saying why it is of no use. */
export async function askWhether(url: string, { userAgent, timeoutMs }: Pick<DownloadOptions, "userAgent" | "timeoutMs">): Promise<void> {
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const response = await follow(url, { etag: null, userAgent }, signal);
    await response.body?.cancel();
    if (response.status !== 200) throw new DownloadError(`the server answered ${response.status}`);
  } catch (error) {
    throw toDownloadError(error, signal, timeoutMs);
  }
}

function toDownloadError(error: unknown, signal: AbortSignal, timeoutMs: number): DownloadError {
  if (error instanceof DownloadError) return error;
  return new DownloadError(signal.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error));
}

async function follow(
  start: string,
  { etag, userAgent }: Pick<DownloadOptions, "etag" | "userAgent">,
  signal: AbortSignal,
): Promise<Response> {
  const headers = { accept: "application/json", "user-agent": userAgent, ...(etag === null ? {} : { "if-none-match": etag }) };
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop++) {
    if (!isFetchable(url)) throw new DownloadError(hop === 0 ? NOT_FETCHABLE : "the server sends us on to an address that is not https");
    const response = await fetch(url, { headers, redirect: "manual", signal });
    const location = response.headers.get("location");
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null) return response;
    await response.body?.cancel();
    url = URL.canParse(location, url) ? new URL(location, url).href : "";
  }
  throw new DownloadError("the server sends us on and on");
}

/** @throws DownloadError when it is larger. */
export async function readBounded(response: Response, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part !== undefined && !part.done; part = await reader?.read()) {
    const chunk: Uint8Array = part.value;
    size += chunk.length;
    if (size > maxBytes) {
      await reader?.cancel();
      throw new DownloadError(`the answer is larger than ${Math.round(maxBytes / 1024 / 1024)} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The system's code, which `fetch` hides in the cause. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  return cause instanceof Error && "code" in cause ? `no connection (${String(cause.code)})` : "no connection";
}
