/** `boba export --otlp`: tells a collector what is new. What could not be sent is what the next run sends. */
import { hash, randomUUID } from "node:crypto";
import { BobaError, EXIT } from "../core/errors.ts";
import { otlpMetrics, type OtlpSeries, rejectedPoints } from "../core/otlp.ts";
import { advance, cursorText, type OtlpCursor, parseCursor, type SumsByKey } from "../core/otlp-cursor.ts";
import { otlpEndpoint, otlpHeaders } from "../core/otlp-target.ts";
import { parseRange } from "../core/range.ts";
import { VERSION } from "../core/version.ts";
import { DownloadError, isFetchable } from "../platform/http.ts";
import { type Posted, postJson } from "../platform/http-post.ts";
import { isAlive, pid } from "../platform/self.ts";
import { type Db, transaction } from "../platform/sqlite.ts";
import { releaseLease, takeLease } from "../store/lease.ts";
import { getMeta, setMeta } from "../store/meta.ts";
import { ledgerSums, type SeriesId } from "../store/otlp.ts";
import { allRepos } from "../store/places.ts";
import { firstRecordS } from "../store/report.ts";
import type { App } from "./app.ts";
import { clockOf } from "./filter.ts";
import { openView } from "./refresh.ts";

export interface OtlpRequest {
  url: string;
  /** Where the first export to this address begins. */
  since?: string | undefined;
  /** Make the body, send nothing, remember nothing. */
  dryRun: boolean;
  import: boolean;
}

export interface OtlpExport {
  outcome: "sent" | "nothing new" | "dry run";
  /** Without what a query may hold. */
  endpoint: string;
  requests: number;
  costNanoUsd: number;
  points: number;
  /** What the collector did not take, and will not take if it is sent again. */
  rejected: number;
  body: unknown;
  warnings: readonly string[];
}

const LEASE = "otlp";
/** A hook or a timer may wait for it: an answer comes soon or not at all. */
const TIMEOUT_MS = 2000;
const INSTANCE = "otlp.instance";

/**
 * @throws BobaError BOBA-USE-50 for an address that may not be used, BOBA-USE-51 for headers that are none, BOBA-USE-52 while another export runs,
 * BOBA-NET-10 without an answer, BOBA-NET-11 when the collector asks to wait, BOBA-NET-12 when it refuses. None of them loses or doubles anything,
 * but for an answer that was lost on its way (BOBA-NET-10): the same is then sent again.
 */
export async function exportOtlp(app: App, request: OtlpRequest): Promise<OtlpExport> {
  if (!isFetchable(request.url)) {
    const hint = "use an https address without a name or password (http only for this machine, e.g. http://127.0.0.1:4318)";
    throw new BobaError("BOBA-USE-50", EXIT.usage, "metrics are not sent to that address", hint);
  }
  const target = otlpEndpoint(request.url);
  const headers = otlpHeaders(app.env["OTEL_EXPORTER_OTLP_HEADERS"]);
  const { fromS } = parseRange({ since: request.since }, clockOf(app));
  const view = await openView(app, request);
  try {
    const { db } = view;
    const sent = request.dryRun
      ? await sendNews(app, db, target, fromS, null)
      : await alone(app, db, () => sendNews(app, db, target, fromS, headers));
    return { ...sent, warnings: [...view.warnings, ...sent.warnings] };
  } finally {
    view.close();
  }
}

/** Two at once would both send what is new. */
async function alone<T>(app: App, db: Db, work: () => Promise<T>): Promise<T> {
  if (!takeLease(db, LEASE, pid, app.now(), isAlive))
    throw new BobaError("BOBA-USE-52", EXIT.failed, "another export is at work", "it sends what is new: nothing needs to be done");
  try {
    return await work();
  } finally {
    releaseLease(db, LEASE, pid);
  }
}

/** Sends (with headers; without, only makes) what the collector was not told yet, and remembers it once it was taken. */
async function sendNews(
  app: App,
  db: Db,
  target: { url: string; name: string },
  fromS: number | null,
  headers: Readonly<Record<string, string>> | null,
): Promise<OtlpExport> {
  const key = `otlp.${hash("sha256", target.name, "hex").slice(0, 16)}`;
  const cursor = parseCursor(getMeta(db, key));
  const sums = ledgerSums(db, cursor?.seq ?? null, fromS);
  // Of a first export, what is older than its start counts as told.
  const from: OtlpCursor = cursor ?? { seq: 0, toMs: (fromS ?? firstRecordS(db) ?? 0) * 1000, told: sums.known };
  const { news, next } = advance(from, sums, app.now());
  const series = seriesOf(db, news);
  const sender = { version: VERSION, instance: instanceOf(db, headers !== null), fromMs: from.toMs, toMs: next.toMs };
  const { points, body } = otlpMetrics(series, sender);
  const made: OtlpExport = {
    outcome: headers === null ? "dry run" : "nothing new",
    endpoint: target.name,
    requests: series.reduce((count, { requests }) => count + requests, 0),
    costNanoUsd: series.reduce((count, { costNanoUsd }) => count + costNanoUsd, 0),
    points,
    rejected: 0,
    body,
    warnings: cursor !== null && fromS !== null ? [`boba: ${target.name} was told before: --since has no effect`] : [],
  };
  if (headers === null || points === 0) return made;
  const answer = await post(target, JSON.stringify(body), headers);
  transaction(db, () => setMeta(db, key, cursorText(next)));
  const rejected = rejectedPoints(answer.body);
  app.log.write(rejected > 0 ? "warn" : "info", "metrics-sent", { points, rejected });
  return { ...made, outcome: "sent", rejected };
}

function seriesOf(db: Db, news: SumsByKey): OtlpSeries[] {
  const repos = new Map(allRepos(db).map(({ id, name, remote }) => [id, { name, remote }]));
  return [...news].map(([key, sums]) => {
    const [repo, tool, provider, model] = JSON.parse(key) as SeriesId;
    return { ...sums, tool, provider, model, repo: repo === null ? null : (repos.get(repo) ?? null) };
  });
}

/** Random, made once: it says nothing of the machine. */
function instanceOf(db: Db, keep: boolean): string {
  const known = getMeta(db, INSTANCE);
  if (known !== null) return known;
  const made = randomUUID();
  if (keep) transaction(db, () => setMeta(db, INSTANCE, made));
  return made;
}

/** Statuses after which the same may be sent again (OTLP/HTTP, "Retryable response codes"). */
const PASSING: ReadonlySet<number> = new Set([429, 502, 503, 504]);

async function post(target: { url: string; name: string }, body: string, headers: Readonly<Record<string, string>>): Promise<Posted> {
  const again = "nothing is lost: the next run sends it";
  let answer: Posted;
  try {
    answer = await postJson(target.url, { body, headers, userAgent: `bobamixer/${VERSION}`, timeoutMs: TIMEOUT_MS });
  } catch (error) {
    if (!(error instanceof DownloadError)) throw error;
    throw new BobaError("BOBA-NET-10", EXIT.network, `${target.name}: ${error.message}`, `${again}; is the collector running?`, error);
  }
  const { status, retryAfterS } = answer;
  if (status >= 200 && status < 300) return answer;
  const said = `${target.name} answered ${status}`;
  if (PASSING.has(status)) {
    const wait = retryAfterS === null ? "try again later" : `try again in ${retryAfterS} s`;
    throw new BobaError("BOBA-NET-11", EXIT.network, `${said}: it cannot take more now`, `${wait}; ${again}`);
  }
  throw new BobaError("BOBA-NET-12", EXIT.network, said, `${REFUSALS[status] ?? "see the collector's log"}; ${again}`);
}

const REFUSALS: Readonly<Record<number, string>> = {
  401: "put its token into OTEL_EXPORTER_OTLP_HEADERS",
  403: "put its token into OTEL_EXPORTER_OTLP_HEADERS",
  404: "is that the address of an OTLP/HTTP receiver (port 4318)?",
  405: "is that the address of an OTLP/HTTP receiver (port 4318)?",
  415: "the receiver must take JSON",
};
