/** `boba ls`. */
import { loadProfiles } from "../config/profiles.ts";
import { loadSettings } from "../config/settings.ts";
import type { Listed, ListedRow, Listing, Since } from "../core/listing.ts";
import { parseRange } from "../core/range.ts";
import { listRows } from "../store/listing.ts";
import type { App } from "./app.ts";
import { clockOf } from "./filter.ts";
import { openView } from "./refresh.ts";

const SPANS = ["today", "7d", "30d"] as const;
const MAX_SESSIONS = 20;
const MAX_ROWS = 1000;

/** @throws BobaError for a time that is none, and for files that are not valid. */
export async function list(
  app: App,
  request: { what: Listed; since?: string | undefined; import: boolean },
): Promise<Listing & { warnings: readonly string[] }> {
  const { what, since } = request;
  const clock = clockOf(app);
  const from = (text: string): Since => ({ label: text, fromS: parseRange({ since: text }, clock).fromS });
  const spans = since === undefined ? [...SPANS.map(from), { label: "all", fromS: null }] : [from(since)];
  const profiles = new Map((await loadProfiles(app.paths)).map((profile) => [profile.name, profile]));
  const { profile: active } = await loadSettings(app.paths);
  const view = await openView(app, request);
  try {
    const { rows, total } = listRows(view.db, what, spans, what === "sessions" ? MAX_SESSIONS : MAX_ROWS);
    const all = what === "profiles" ? [...rows, ...unused([...profiles.keys()], rows, spans.length)] : rows;
    return { what, spans, rows: all, more: total - rows.length, profiles, active, warnings: view.warnings };
  } finally {
    view.close();
  }
}

function unused(names: readonly string[], rows: readonly ListedRow[], spans: number): ListedRow[] {
  const used = new Set(rows.map(({ name }) => name));
  const nothing = Array.from({ length: spans }, () => ({ requests: 0, costNanoUsd: 0, unpricedRequests: 0 }));
  return names.filter((name) => !used.has(name)).map((name) => ({ name, tool: null, costs: nothing, lastS: null }));
}
