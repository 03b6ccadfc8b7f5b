/** Which row of the ledger a record is: digests, which take as long as much of storing it. */
import { hash } from "node:crypto";
import { isRecordKey, type SourceRecord } from "./record.ts";

export interface RowId {
  /** Of its response: whatever has its key. */
  id: string;
  /** Its variant, as rows keep it: the first 48 bits of its SHA-1. */
  variant: number | null;
}

/** Of many records, as columns: they go from thread to thread at the cost of one text, and keep no object for each. */
export interface RowIds {
  /** One after the other. */
  ids: string;
  variants: readonly (number | null)[];
}

export function rowIdOf({ tool, key, variant }: SourceRecord): RowId {
  return { id: recordId(tool, key), variant: variantNumber(variant) };
}

export function rowIdsOf(records: readonly SourceRecord[]): RowIds {
  return {
    ids: records.map(({ tool, key }) => recordId(tool, key)).join(""),
    variants: records.map(({ variant }) => variantNumber(variant)),
  };
}

export function rowIdAt({ ids, variants }: RowIds, index: number): RowId {
  return { id: ids.slice(index * ID_LENGTH, (index + 1) * ID_LENGTH), variant: variants[index] ?? null };
}

const ID_LENGTH = 32;

/** First 128 bits of SHA-256 over the version, the tool and the source's own stable key, as hex. */
export function recordId(tool: string, key: string): string {
  if (key.startsWith("boba:") && isRecordKey(key)) return key.slice("boba:".length);
  return hash("sha256", `boba.v1\0${tool}\0${key}`, "hex").slice(0, ID_LENGTH);
}

const HEX_DIGITS_OF_48_BITS = 12;

function variantNumber(variant: string | null): number | null {
  return variant === null ? null : Number.parseInt(hash("sha1", variant, "hex").slice(0, HEX_DIGITS_OF_48_BITS), 16);
}
