/** What becomes of stored prices when records are priced again. */
import type { Price } from "./price.ts";

/** Sums over records; the costs in nano-dollars, without the records that have none. */
export interface RepriceSums {
  /** Records that were looked at. */
  records: number;
  changed: number;
  oldNanoUsd: number;
  newNanoUsd: number;
  unpricedBefore: number;
  unpricedAfter: number;
  /** Records that no price is known for any more: they keep theirs. */
  kept: number;
}

export interface RepriceSummary {
  totals: RepriceSums;
  /** Only those of which a record changes or keeps a price; most changes first. */
  models: readonly (RepriceSums & { provider: string; model: string })[];
}

/** What to store instead, or null where nothing changes. A price that is no longer known stays: history has no new gaps. */
export function newPrice(stored: Price, now: Price): Price | null {
  if (now.costNanoUsd === null) return null;
  return stored.costNanoUsd === now.costNanoUsd && stored.level === now.level ? null : now;
}

/** Adds up what repricing does, record by record. */
export class RepriceTally {
  readonly #models = new Map<string, RepriceSums & { provider: string; model: string }>();
  readonly #totals = nothing();

  add({ provider, model }: { provider: string; model: string }, stored: Price, now: Price, change: Price | null): void {
    const key = `${provider}\0${model}`;
    let sums = this.#models.get(key);
    if (sums === undefined) this.#models.set(key, (sums = { provider, model, ...nothing() }));
    const cost = (change ?? stored).costNanoUsd;
    for (const into of [sums, this.#totals]) {
      into.records++;
      into.oldNanoUsd += stored.costNanoUsd ?? 0;
      into.newNanoUsd += cost ?? 0;
      if (change !== null) into.changed++;
      if (stored.costNanoUsd === null) into.unpricedBefore++;
      if (cost === null) into.unpricedAfter++;
      if (now.costNanoUsd === null && stored.costNanoUsd !== null) into.kept++;
    }
  }

  summary(): RepriceSummary {
    const models = [...this.#models.values()].filter(({ changed, kept }) => changed + kept > 0);
    models.sort((a, b) => b.changed - a.changed || (a.model < b.model ? -1 : 1));
    return { totals: { ...this.#totals }, models };
  }
}

function nothing(): RepriceSums {
  return { records: 0, changed: 0, oldNanoUsd: 0, newNanoUsd: 0, unpricedBefore: 0, unpricedAfter: 0, kept: 0 };
}
