/** `boba export --otlp`: its options, and what it says. */
import { BobaError, EXIT } from "../core/errors.ts";
import { counted, formatUsd, toUsd } from "../core/money.ts";
import { safeJson } from "../core/text.ts";
import type { App } from "../flow/app.ts";
import { exportOtlp, type OtlpExport } from "../flow/export-otlp.ts";
import type { Context } from "./context.ts";

interface Options {
  otlp: string | undefined;
  dryRun: boolean;
  format: string | undefined;
  since: string | undefined;
  until: string | undefined;
  repo: string | undefined;
  branch: string | undefined;
  project: string | undefined;
  output: string | undefined;
  import: boolean;
  context: Pick<Context, "stdout" | "stderr">;
}

/** @throws BobaError BOBA-USE-56 for options that have no meaning together. */
export async function runOtlp(options: Options, app: App): Promise<number> {
  const { otlp: url, dryRun, format, since, context } = options;
  if (url === undefined) throw new BobaError("BOBA-USE-56", EXIT.usage, "--dry-run goes with --otlp", "e.g. --otlp http://127.0.0.1:4318");
  const others = (["until", "repo", "branch", "project", "output"] as const).filter((name) => options[name] !== undefined);
  if (others.length > 0 || (format !== undefined && format !== "json")) {
    const what = others.length > 0 ? `--${String(others[0])}` : `--format ${String(format).slice(0, 20)}`;
    throw new BobaError(
      "BOBA-USE-56",
      EXIT.usage,
      `${what} does not go with --otlp`,
      "a collector is told everything once; --format is json",
    );
  }
  const done = await exportOtlp(app, { url, since, dryRun, import: options.import });
  for (const warning of done.warnings) context.stderr.write(`${warning}\n`);
  if (done.rejected > 0) {
    const rejected = `the collector took all but ${counted(done.rejected, "data point")}; sending them again would not help, its log says why`;
    context.stderr.write(`boba: ${rejected}\n`);
  }
  if (dryRun) context.stdout.write(`${safeJson(done.body)}\n`);
  else context.stdout.write(`${format === "json" ? safeJson(fields(done)) : sentence(done)}\n`);
  return EXIT.ok;
}

/** `boba.export-otlp/1`. */
const fields = ({ outcome, endpoint, requests, costNanoUsd, points, rejected }: OtlpExport) => ({
  schema: "boba.export-otlp/1",
  outcome: outcome === "sent" ? "sent" : "nothing_new",
  endpoint,
  requests,
  cost_usd: toUsd(costNanoUsd),
  cost_nano_usd: String(costNanoUsd),
  data_points: points,
  rejected_data_points: rejected,
});

const sentence = ({ outcome, endpoint, requests, costNanoUsd, points }: OtlpExport): string =>
  outcome === "sent"
    ? `sent ${counted(requests, "request")}, ${formatUsd(costNanoUsd)}, as ${counted(points, "data point")} to ${endpoint}`
    : `nothing new for ${endpoint}`;
