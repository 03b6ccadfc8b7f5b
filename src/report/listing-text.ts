/** Profiles, projects and sessions with what they cost, as a table and as JSON. */
import type { Listing, ListedRow, SpanCost } from "../core/listing.ts";
import { formatCost, toUsd } from "../core/money.ts";
import type { Clock } from "../core/range.ts";
import { displayWidth, pad, printable, safeJson } from "../core/text.ts";
import { localTime } from "./local-time.ts";

/** One line a row, newest first; `*` marks the active profile. */
export function listingText(listing: Listing, clock: Pick<Clock, "offsetMs">): string {
  const { what, spans, rows, more } = listing;
  if (rows.length === 0) return what === "profiles" ? "No profiles yet: boba edit profiles." : "Nothing recorded.";
  const head = [TITLES[what], ...spans.map(({ label }) => label), "last used"].flat();
  const body = rows.map((row) => [
    ...names(listing, row),
    ...row.costs.map((cost) => (cost.requests === 0 ? "-" : formatCost(cost))),
    row.lastS === null ? "never" : localTime(row.lastS * 1000, clock),
  ]);
  const widths = head.map((title, at) => Math.max(...[title, ...body.map((cells) => cells[at] ?? "")].map(displayWidth)));
  const texts = TITLES[what].length;
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, at) => pad(cell, widths[at] ?? 0, at < texts || at === head.length - 1 ? "left" : "right"))
      .join("  ")
      .trimEnd();
  const left = more > 0 ? [`... and ${more} more: --since narrows it down, --format json has the same rows`] : [];
  return [line(head), ...body.map(line), ...left].join("\n");
}

const TITLES: Readonly<Record<Listing["what"], readonly string[]>> = {
  profiles: ["profile", "adapter", "provider", "model"],
  projects: ["project"],
  sessions: ["session", "tool"],
};

function names({ what, profiles, active }: Listing, { name, tool }: ListedRow): string[] {
  if (what === "projects") return [printable(name ?? "(outside any repository)")];
  if (what === "sessions") return [printable(name ?? ""), printable(tool ?? "")];
  const profile = profiles.get(name ?? "");
  const shown = `${printable(name ?? "")}${name === active ? " *" : ""}`;
  return profile === undefined
    ? [shown, "(not defined)", "", ""]
    : [shown, profile.adapter, profile.provider, printable(profile.model ?? "")];
}

/** `boba.ls/1`. */
export function listingJson(listing: Listing): string {
  const { what, spans, rows, more, profiles, active } = listing;
  return safeJson({
    schema: "boba.ls/1",
    what,
    ...(what === "profiles" ? { active } : {}),
    rows: rows.map((row) => ({
      name: row.name,
      ...(what === "sessions" ? { tool: row.tool } : {}),
      ...(what === "profiles" ? definition(profiles.get(row.name ?? "")) : {}),
      costs: Object.fromEntries(spans.map(({ label }, at) => [label, costFields(row.costs[at])])),
      last_used: row.lastS === null ? null : new Date(row.lastS * 1000).toISOString(),
    })),
    more,
  });
}

/** No headers, no variables: what stands there may be secret. */
function definition(profile: ReturnType<Listing["profiles"]["get"]>) {
  if (profile === undefined) return { defined: false };
  const { adapter, provider, model, endpoint, tags } = profile;
  return { defined: true, adapter, provider, model, endpoint, tags };
}

function costFields({ requests, costNanoUsd, unpricedRequests }: SpanCost = { requests: 0, costNanoUsd: 0, unpricedRequests: 0 }) {
  const isUnpriced = requests > 0 && unpricedRequests >= requests;
  return {
    requests,
    cost_usd: isUnpriced ? null : toUsd(costNanoUsd),
    cost_nano_usd: String(costNanoUsd),
    unpriced_requests: unpricedRequests,
  };
}
