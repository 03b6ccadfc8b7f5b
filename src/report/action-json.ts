/** Suggestions as a JSON object; docs/json.md describes it. */
import { toUsd } from "../core/money.ts";
import { safeJson } from "../core/text.ts";
import type { ListedAction } from "./action-text.ts";

/** `boba.action/1`. */
export function actionsJson(found: { actions: readonly ListedAction[]; tooLittle: { requests: number; days: number } | null }): string {
  return safeJson({ schema: "boba.action/1", actions: found.actions.map(actionFields), too_little: found.tooLittle });
}

function actionFields({ id, type, title, evidence, savingNanoUsd, confidence, apply, status, untilMs }: ListedAction) {
  const { requests, costNanoUsd, sessions, commits, facts } = evidence;
  return {
    id,
    type,
    title,
    evidence: { requests, cost_usd: toUsd(costNanoUsd), sessions, commits, ...facts },
    saving_usd: savingNanoUsd === null ? null : toUsd(savingNanoUsd),
    confidence,
    apply: apply === null ? null : { file: apply.file, what: apply.what },
    status,
    until: untilMs === null ? null : new Date(untilMs).toISOString(),
  };
}
