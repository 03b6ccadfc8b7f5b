import { expect, it } from "vitest";
import { sandbox, type Sandbox } from "../helpers/sandbox.ts";
import { commit, nextSecond, talk } from "../helpers/work.ts";

const URL = "https://example.com/acme/api.git";

it("says in every clone that work was its author's, whoever squashed it", () => {
  const [ada, bob] = [sandbox(), sandbox()];
  ada.git(ada.dir, "clone", "-q", "--bare", ada.repo("start"), "hub.git");
  bob.git(bob.dir, "config", "--global", "user.name", "Bob");
  bob.git(bob.dir, "config", "--global", "user.email", "bob@example.com");
  const start = (box: Sandbox) => {
    box.git(box.dir, "config", "--global", `url.${ada.dir}/hub.git.insteadOf`, URL);
    box.git(box.dir, "clone", "-q", URL, "repo");
    const at = `${box.dir}/repo`;
    box.boba(["hooks", "install", "--mode", "lazy"], { cwd: at });
    return at;
  };
  const [atAda, atBob] = [start(ada), start(bob)];
  const both = [
    [ada, atAda],
    [bob, atBob],
  ] as const;
  // 1,000 output tokens are 0.015 $.
  ada.git(atAda, "checkout", "-q", "-b", "feat");
  talk(ada, atAda, 1000);
  for (const file of ["a", "c"]) commit(ada, atAda, file);
  ada.git(atAda, "push", "-q", "origin", "feat");
  nextSecond();
  talk(bob, atBob, 2000, { session: "bob" });
  commit(bob, atBob, "b");
  bob.git(atBob, "fetch", "-q");
  bob.git(atBob, "merge", "-q", "--squash", "origin/feat");
  bob.git(atBob, "commit", "-q", "-m", "Ada's work");
  bob.git(atBob, "push", "-q", "origin", "main");
  ada.git(atAda, "checkout", "-q", "main");
  ada.git(atAda, "pull", "-q", "--ff-only");
  for (const [box, at] of both) box.boba(["notes", "push"], { cwd: at });
  for (const [box, at] of both) box.boba(["notes", "fetch"], { cwd: at });

  const rows = (box: Sandbox, at: string, ...args: string[]) =>
    box.json(["report", ...args], { cwd: at }).rows.map((row: any) => [row.key, row.requests, row.cost_nano_usd]);
  for (const [box, at] of both) {
    expect(rows(box, at, "--by", "author", "--shared")).toEqual([
      ["Bob <bob@example.com>", 1, "30000000"],
      ["Ada <ada@example.com>", 1, "15000000"],
    ]);
    expect(rows(box, at, "--by", "state", "--shared")).toEqual([["shipped", 2, "45000000"]]);
  }
  // A ledger alone goes by where its records are.
  expect(rows(ada, atAda, "--by", "author")).toEqual([["Bob <bob@example.com>", 1, "15000000"]]);
});
