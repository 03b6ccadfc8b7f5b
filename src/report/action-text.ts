/** Suggestions for people. */
import { formatUsd } from "../core/money.ts";
import { type Clock, localPeriod } from "../core/range.ts";
import { LEAST, type Suggestion, WINDOW_DAYS } from "../core/suggestions/suggestion.ts";
import { pad, printable } from "../core/text.ts";
import { type Column, layoutTable } from "./layout.ts";
import { paintFor, type Screen } from "./paint.ts";
import { wrap } from "./wrap.ts";

/** A suggestion, and what was done with it. */
export interface ListedAction extends Suggestion {
  status: string;
  untilMs: number | null;
}

export function actionsText(
  { actions, tooLittle }: { actions: readonly ListedAction[]; tooLittle: { requests: number; days: number } | null },
  screen: Screen,
  options: { all: boolean },
): string {
  const paint = paintFor(screen);
  if (tooLittle !== null) {
    const least = `${LEAST.requests} requests with a price on ${LEAST.days} days`;
    return wrap(
      `Too little to go by: suggestions take at least ${least}; the last ${WINDOW_DAYS} have ${tooLittle.requests} on ${tooLittle.days}.`,
      screen.columns,
    ).join("\n");
  }
  if (actions.length === 0) return "Nothing to suggest.";
  const column = (title: string, cell: (action: ListedAction) => string, more: Partial<Column> = {}): Column => ({
    title,
    align: "left",
    drop: 0,
    cells: actions.map(cell),
    ...more,
  });
  const columns = [
    column("id", ({ id }) => id),
    column("saving", savingText, { align: "right" }),
    column("confidence", confidenceText, { align: "right", drop: 1 }),
    ...(options.all ? [column("status", ({ status }) => status)] : []),
    column("what", ({ title }) => printable(title), { least: 30 }),
  ];
  const lines = layoutTable(columns, screen.columns, paint);
  const next = `Savings are of the last ${WINDOW_DAYS} days, and may overlap. Next: boba action show <id>, preview, apply, dismiss or snooze.`;
  return [...lines, "", ...wrap(next, screen.columns).map((line) => paint.dim(line))].join("\n");
}

export function actionText(action: ListedAction, screen: Screen, clock: Pick<Clock, "offsetMs">): string {
  const { evidence, apply } = action;
  const until = action.untilMs === null ? "" : ` until ${localPeriod(action.untilMs, "day", clock)}`;
  const facts = Object.entries(evidence.facts).map(([name, value]) => [name.replaceAll("_", " ").slice(0, 30), String(value)] as const);
  const width = Math.max(10, ...facts.map(([name]) => name.length)) + 2;
  const line = (label: string, text: string) => `  ${pad(label, width, "left")}${printable(text)}`;
  const list = (label: string, values: readonly string[]) => values.map((value, at) => line(at === 0 ? label : "", value));
  return [
    ...wrap(printable(action.title), screen.columns, ""),
    "",
    line("id", `${action.id} (${action.type}, ${action.status}${until})`),
    line("saving", `${savingText(action)} of ${formatUsd(evidence.costNanoUsd)} in ${evidence.requests} requests`),
    line("confidence", confidenceText(action)),
    ...facts.map(([name, value]) => line(name, value)),
    ...list("sessions", evidence.sessions),
    ...list("commits", evidence.commits),
    line("apply", apply === null ? "nothing that boba could change" : `${apply.what} (${apply.file})`),
  ].join("\n");
}

function savingText({ savingNanoUsd }: Suggestion): string {
  return savingNanoUsd === null ? "-" : formatUsd(savingNanoUsd);
}

function confidenceText({ confidence }: Suggestion): string {
  return `${Math.round(confidence * 100)}%`;
}
