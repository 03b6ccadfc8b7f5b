import { realpathSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { displayWidth } from "../../src/core/text.ts";
import { ledgerAt } from "../helpers/ledger.ts";
import { sandbox } from "../helpers/sandbox.ts";

describe("boba alone", () => {
  it("is of use before there is anything", () => {
    const { stdout } = sandbox().boba(["--no-import"]);
    expect(stdout).toContain("No usage found yet.");
    expect(stdout).toContain("Claude Code");
    expect(stdout).toMatch(/^next\n {2}boba import/m);
  });

  it("tells today, this branch, what is pending and what to do next", () => {
    const box = sandbox();
    const at = realpathSync(box.repo("api"));
    box.git(at, "checkout", "-q", "-b", "feat/x");
    const ledger = ledgerAt(box.db);
    const now = Math.floor(Date.now() / 1000) - 1;
    const repo = ledger.repo("api", at);
    const sha = ledger.commit(repo, "5".repeat(40));
    ledger.record({ ts: now - 3 * 86_400, repo, branch: "feat/x", commit: sha, costNanoUsd: 12_340_000_000 });
    ledger.record({ ts: now - 3 * 86_400, repo, branch: "feat/x", costNanoUsd: 560_000_000 });
    ledger.record({ ts: now - 3 * 86_400, repo, branch: "main", commit: sha, costNanoUsd: 7_000_000_000, model: "b" });
    ledger.record({ ts: now - 3 * 86_400, repo, branch: "main", costNanoUsd: null, model: "new-model" });
    ledger.close();
    const { stdout } = box.boba(["--no-import"], { cwd: at, env: { COLUMNS: "80" } });
    expect(stdout).toMatch(/^today +\$0\.00 +0 requests/m);
    expect(stdout).toMatch(/^last 7 days +>= \$19\.90 +4 requests/m);
    expect(stdout).toMatch(/^pending +>= \$0\.56 +2 requests/m);
    expect(stdout).toMatch(/^repository +api\nbranch +feat\/x\n +\$12\.34 committed, \$0\.56 pending$/m);
    expect(stdout).toMatch(/^top branches, last 7 days\n +\$12\.90 +feat\/x\n +>= \$7\.00 +main$/m);
    expect(stdout).toMatch(/^next\n {2}boba hooks install /m);
    expect(stdout).toContain("new-model (1)");
    expect(stdout).not.toContain("\u001b");
    expect(stdout.split("\n").filter((line) => displayWidth(line) > 80)).toEqual([]);
  });
});
