/** Books one request that boba itself sent: priced, placed and stored the way of every other record. */
import type { Profile } from "../core/profile.ts";
import { createPricer } from "../core/pricer.ts";
import { type Pricer, settlePrice } from "../core/price.ts";
import { isUsed, type SourceRecord, type Via } from "../core/record.ts";
import type { ReplyUsage } from "../proxy/reply.ts";
import type { Db } from "../platform/sqlite.ts";
import { openLedger } from "../store/open.ts";
import type { App } from "./app.ts";
import { alertsToTell } from "./budget-alerts.ts";
import { Batch } from "./batch.ts";
import { openPlacer } from "./places.ts";
import { loadPrices } from "./prices.ts";
import { storeParcel } from "./store-parcel.ts";

export interface Served {
  profile: Pick<Profile, "name" | "provider" | "costPer1k">;
  /** As it was asked for. */
  model: string;
  sessionId: string;
  usage: ReplyUsage;
  startedAtMs: number;
  via: Via;
}

/** What the ledger's other sources are called by; the place of a call is where the user stands. */
export const CALL_TOOL = "boba";
const PER_MTOK = 1000;

export interface Booked {
  /** Null when no list knows a price. */
  costNanoUsd: number | null;
  /** Alerts of budgets that this request raised. */
  alerts: readonly string[];
}

/** What is needed to book a request: opened before it is sent, so that nothing is spent that cannot be written down. */
export interface Books {
  db: Db;
  listed: Pricer;
}

/** @throws BobaError for the database and `pricing.yaml`. */
export async function openBooks(app: App): Promise<Books> {
  const { overrides, catalogue } = await loadPrices(app);
  return { db: openLedger(app.paths.db), listed: createPricer(overrides, catalogue) };
}

/** Stores the request. @throws BobaError for the database. */
export async function bookCall(app: App, { db, listed }: Books, served: Served): Promise<Booked> {
  const price = pricerOf(served, listed);
  const records = toRecords(app, served);
  if (records.length === 0) return { costNanoUsd: 0, alerts: [] };
  const costs = records.map(
    (record) => settlePrice(price(record.provider, record.model, record.atMs, record.counters, record.fast), record).costNanoUsd,
  );
  const costNanoUsd = costs.reduce<number | null>((sum, cost) => (sum === null || cost === null ? null : sum + cost), 0);
  const batch = new Batch();
  for (const record of records) batch.add(record);
  await storeParcel(db, CALL_TOOL, openPlacer(db, app.env), async () => price, batch.take());
  return { costNanoUsd, alerts: await alertsToTell(app, db) };
}

/** A record for each model that had a part in the reply. Nothing used, nothing booked. */
function toRecords(app: App, { profile, model, sessionId, usage, startedAtMs, via }: Served): SourceRecord[] {
  return usage.parts.flatMap((part, at) => {
    if (!isUsed(part.counters)) return [];
    return {
      // Providers' own ids are not unique among those that imitate them.
      key: at === 0 ? sessionId : `${sessionId}/${at}`,
      variant: "",
      tool: CALL_TOOL,
      provider: profile.provider,
      model: part.model ?? model,
      sessionId,
      atMs: startedAtMs,
      counters: part.counters,
      fast: at === 0 && usage.fast,
      cwd: app.cwd,
      loggedBranch: null,
      loggedCommit: null,
      reportedNanoUsd: at === 0 ? usage.reportedNanoUsd : null,
      approximate: usage.status !== "exact" || usage.conflicting,
      files: [],
      via,
    };
  });
}

/** The profile's own price comes before all lists; what a provider asked other models is billed by theirs. */
function pricerOf({ profile: { costPer1k }, model, usage }: Served, listed: Pricer): Pricer {
  if (costPer1k === null) return listed;
  const own = usage.parts[0]?.model ?? model;
  const prices = { inputPerMtok: costPer1k.inputUsd * PER_MTOK, outputPerMtok: costPer1k.outputUsd * PER_MTOK };
  const price = createPricer([{ model: own, isPrefix: false, fromMs: 0, ...prices }], { source: "", calcPrice: () => null });
  return (provider, name, ...rest) =>
    name === own ? { ...price(provider, name, ...rest), source: "profiles.yaml" } : listed(provider, name, ...rest);
}
