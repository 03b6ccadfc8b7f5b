/** Lays out columns so that they fit: texts are shortened first, then the least needed columns go. */
import { displayWidth, pad, truncate } from "../core/text.ts";
import type { Paint } from "./paint.ts";

export interface Column {
  title: string;
  align: "left" | "right";
  /** Printable text, one per row. */
  cells: readonly string[];
  /** Below the line: the total. Where no column has one, there is no such line. */
  foot?: string;
  /** May be shortened to this width; without it, cells are always shown whole. */
  least?: number;
  /** Columns with the highest number leave first, together; 0 stays. */
  drop: number;
}

const GAP = "  ";

/** Header, rule, rows; rule and total where there is one. No line is wider than `width` unless the columns that stay cannot be narrower. */
export function layoutTable(columns: readonly Column[], width: number, paint: Paint): string[] {
  const kept = choose(columns, width);
  const widths = shorten(kept, width);
  const line = (texts: readonly string[]) => {
    const cells = texts.map((text, at) => {
      const size = widths[at] as number;
      return pad(truncate(text, size), size, (kept[at] as Column).align);
    });
    return cells.join(GAP).trimEnd();
  };
  const rule = paint.dim("─".repeat(total(widths)));
  const rows = (kept[0]?.cells ?? []).map((_, row) => line(kept.map((column) => column.cells[row] ?? "")));
  const foot = columns.some((column) => column.foot !== undefined) ? [rule, paint.bold(line(kept.map((column) => column.foot ?? "")))] : [];
  return [paint.bold(line(kept.map((column) => column.title))), rule, ...rows, ...foot];
}

/** Drops columns until the rest fits with every text at its least. */
function choose(columns: readonly Column[], width: number): readonly Column[] {
  let kept = columns;
  for (;;) {
    const needed = total(kept.map((column) => Math.min(natural(column), column.least ?? Number.POSITIVE_INFINITY)));
    const worst = Math.max(0, ...kept.map((column) => column.drop));
    if (needed <= width || worst === 0) return kept;
    kept = kept.filter((column) => column.drop !== worst);
  }
}

/** Takes what is too much from the widest text, one by one, so that short ones stay whole. */
function shorten(columns: readonly Column[], width: number): number[] {
  const widths = columns.map(natural);
  // The last resort below `least`: a few letters still tell rows apart better than a wrapped line.
  for (const floor of [null, 4]) {
    for (let over = total(widths) - width; over > 0; over--) {
      let widest = -1;
      for (const [at, column] of columns.entries()) {
        if (column.least === undefined || (widths[at] as number) <= (floor ?? column.least)) continue;
        if (widest < 0 || (widths[at] as number) > (widths[widest] as number)) widest = at;
      }
      if (widest < 0) break;
      widths[widest] = (widths[widest] as number) - 1;
    }
  }
  return widths;
}

function natural(column: Column): number {
  return [column.title, column.foot ?? "", ...column.cells].reduce((widest, text) => Math.max(widest, displayWidth(text)), 0);
}

function total(widths: readonly number[]): number {
  return widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, widths.length - 1);
}
