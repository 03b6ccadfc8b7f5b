/** The door to the network for what is sent: one try, bounded in time and bytes, never redirected (the headers may hold a secret). */
import { DownloadError, isFetchable, NOT_FETCHABLE, readBounded, reasonOf } from "./http.ts";

export interface Posted {
  status: number;
  /** Seconds that the server asks to wait; null when it does not say. */
  retryAfterS: number | null;
  /** As much of the answer as is read. */
  body: string;
}

const MAX_ANSWER_BYTES = 64 * 1024;

/** Sends `body` as JSON. @throws DownloadError when no answer arrives in time, or the address may not be used. */
export async function postJson(
  url: string,
  {
    body,
    headers,
    userAgent,
    timeoutMs,
  }: { body: string; headers: Readonly<Record<string, string>>; userAgent: string; timeoutMs: number },
): Promise<Posted> {
  if (!isFetchable(url)) throw new DownloadError(NOT_FETCHABLE);
  const signal = AbortSignal.timeout(timeoutMs);
  try {
    const all = { ...headers, accept: "application/json", "content-type": "application/json", "user-agent": userAgent };
    const response = await fetch(url, { method: "POST", headers: all, body, redirect: "manual", signal });
    const waits = Number(response.headers.get("retry-after") ?? Number.NaN);
    const answer = await readBounded(response, MAX_ANSWER_BYTES).catch((error: unknown) => {
      // The status says whether it was taken; a longer answer than anyone needs takes nothing away from that.
      if (error instanceof DownloadError) return Buffer.alloc(0);
      throw error;
    });
    return { status: response.status, retryAfterS: Number.isInteger(waits) && waits >= 0 ? waits : null, body: answer.toString("utf8") };
  } catch (error) {
    if (error instanceof DownloadError) throw error;
    throw new DownloadError(signal.aborted ? `no answer within ${timeoutMs / 1000} s` : reasonOf(error));
  }
}
