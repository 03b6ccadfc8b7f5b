/** `boba ci` as Markdown for a step summary or a comment. No clock in it: the same figures give the same bytes. */
import { type CommitCost, countSkipped, dearestFirst, type RangeCost, type Skipped, sumCells, type Sums } from "../core/ci.ts";
import { counted } from "../core/money.ts";
import { formatCount, formatNotedUsd, plainLine, wholePercent } from "./usd.ts";

const TOP_COMMITS = 20;
const TOP_MODELS = 50;

export function ciMarkdown(cost: RangeCost, skipped: Skipped): string {
  const { total, commits, commitsWithData } = cost;
  const share = `${verb(commitsWithData, commits.length, "carries", "carry")} data (${wholePercent(commitsWithData, commits.length)} %)`;
  const parts = [
    `### AI cost of this pull request: ${usd(total)}`,
    `${formatCount(total.tokens)} tokens · ${counted(total.requests, "request")} · ${commitsWithData} of ${counted(commits.length, "commit")} ${share}`,
  ];
  if (total.unpriced > 0) {
    const have = verb(total.unpriced, total.requests, "has", "have");
    parts.push(`${total.unpriced} of ${counted(total.requests, "request")} ${have} no known price: the cost is a floor.`);
  }
  if (cost.models.length > 0) parts.push(modelTable(cost));
  if (commitsWithData > 0) parts.push(commitTable(cost));
  if (countSkipped(skipped) > 0) parts.push(`Skipped: ${skippedText(skipped)}.`);
  parts.push("<sub>List-price estimate, not an invoice. Self-reported by developers' machines through git notes.</sub>");
  return `${parts.join("\n\n")}\n`;
}

/** For `part` of `whole`: "1 of 3 commits carries", "0 of 1 commit carries". */
const verb = (part: number, whole: number, one: string, many: string): string => (part === 1 || whole === 1 ? one : many);

/** Makes text from a note, a branch or a subject inert: no Markdown, no HTML, no mention, no link, no control character, one line. */
export function escapeMarkdown(text: string, max = 100): string {
  return plainLine(text, max)
    .replace(/[&<>|`*_~[\]\\!$#]/g, (sign) => `&#${sign.charCodeAt(0)};`)
    .replaceAll("@", "@&#8203;")
    .replaceAll("://", ":&#8203;//")
    .replaceAll("::", ":&#8203;:")
    .replace(/www\./gi, (found) => `${found.slice(0, 3)}&#8203;.`);
}

/** What was skipped, in words; empty when nothing was. */
export function skippedText(skipped: Skipped): string {
  const lines = Object.entries(skipped.lines).map(([reason, n]) => `${counted(n, "line")} of notes (${reason})`);
  const rest: [number, string][] = [
    [skipped.newer, `${counted(skipped.newer, "line")} of a later format`],
    [skipped.notes, counted(skipped.notes, "unreadable note")],
    [skipped.entries, skipped.entries === 1 ? "1 entry that is not a note" : `${skipped.entries} entries that are not notes`],
    [skipped.refs, `${counted(skipped.refs, "ref")} without notes`],
  ];
  return [...lines, ...rest.filter(([n]) => n > 0).map(([, text]) => text)].join(", ");
}

function usd(sums: Sums): string {
  return formatNotedUsd(sums.nanoUsd, sums.unpriced > 0)
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;");
}

function modelTable({ models, total }: RangeCost): string {
  const row = (name: string, s: Sums) =>
    `| ${[name, s.requests, ...[s.input, s.cacheRead, s.cacheWrite, s.output].map(formatCount), usd(s)].join(" | ")} |`;
  const shown = models.slice(0, TOP_MODELS);
  const rows = shown.map(({ tool, model, sums }) => row(`${escapeMarkdown(model)} (${escapeMarkdown(tool)})`, sums));
  if (models.length > shown.length)
    rows.push(row(`and ${models.length - shown.length} more`, addUp(models.slice(TOP_MODELS).map((m) => m.sums))));
  if (models.length > 1) rows.push(row("**Total**", total));
  return [
    "| Model | Requests | Input | Cache read | Cache write | Output | USD |",
    "| --- | --: | --: | --: | --: | --: | --: |",
    ...rows,
  ].join("\n");
}

function commitTable({ commits }: RangeCost): string {
  // A commit whose cells are all on a newer commit too has nothing of its own to add.
  const rows = commits.filter(({ own }) => own.requests > 0 || own.tokens > 0).toSorted((a, b) => dearestFirst(a.own, b.own));
  const lines = rows.slice(0, TOP_COMMITS).map(commitRow);
  const rest = rows.slice(TOP_COMMITS);
  if (rest.length > 0) lines.push(`| | and ${rest.length} more (${usd(addUp(rest.map(({ own }) => own)))}) | | | |`);
  return [
    `<details><summary>By commit (${rows.length})</summary>`,
    "",
    "| Commit | Subject | Models | Requests | USD |",
    "| --- | --- | --- | --: | --: |",
    ...lines,
    "",
    "</details>",
  ].join("\n");
}

function commitRow({ sha, subject, cells, own }: CommitCost): string {
  const models = [...new Set(cells.map(({ model }) => model))];
  const mix = models.slice(0, 3).map((model) => escapeMarkdown(model, 40));
  if (models.length > 3) mix.push(`${models.length - 3} more`);
  return `| ${sha.slice(0, 7)} | ${escapeMarkdown(subject, 80)} | ${mix.join(", ")} | ${own.requests} | ${usd(own)} |`;
}

function addUp(list: readonly Sums[]): Sums {
  const sum = sumCells([]);
  for (const one of list) {
    for (const key of ["requests", "input", "output", "cacheRead", "cacheWrite", "tokens", "unpriced"] as const) sum[key] += one[key];
    if (one.nanoUsd !== null) sum.nanoUsd = (sum.nanoUsd ?? 0n) + one.nanoUsd;
  }
  return sum;
}
