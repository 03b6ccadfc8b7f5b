/** Prices as they are shown: what each model costs now, and what the records of it say. */
import type { Resolved } from "./catalogue.ts";

export interface ModelUsage {
  provider: string;
  model: string;
  records: number;
  unpriced: number;
  /** Records whose price is listed under another name, and those that are estimates. */
  mapped: number;
  heuristic: number;
  costNanoUsd: number;
  newestMs: number;
  /** Records of which the agent itself reported a cost: its sum, and what boba stored for the same records. */
  reportedRecords: number;
  reportedNanoUsd: number;
  storedOfReportedNanoUsd: number;
}

export interface PriceRow {
  provider: string;
  model: string;
  /** Null: in no record. */
  usage: ModelUsage | null;
  /** Null: nobody knows what it costs. */
  price: Resolved | null;
}

export interface PriceList {
  /** The catalogue in force. */
  source: string;
  asOfMs: number;
  /** Where a price of one's own is added. */
  pricingFile: string;
  rows: readonly PriceRow[];
}
