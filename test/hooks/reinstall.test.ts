/** Hooks taken out and installed again: the clone has another id, and what it noted before must reach the others under it. */
import { mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { talk, talkAndCommit } from "../helpers/work.ts";

/** A clone with a remote, hooks and two commits of 100,000 output tokens each: $1.50. */
function noted() {
  const box = sandbox();
  const at = box.repo("ada");
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "clone", "-q", "--bare", at, remote);
  box.git(at, "remote", "add", "origin", `file://${remote}`);
  const before = readFileSync(join(at, ".git", "config"), "utf8");
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: at });
  const shas = [talkAndCommit(box, at, 100_000, "one"), talkAndCommit(box, at, 100_000, "two")];
  box.boba(["stats"], { cwd: at });
  return { box, at, remote, before, shas, old: box.git(at, "config", "boba.clone") };
}

/** Uninstalls and installs again; returns the new id. */
function again({ box, at, before }: ReturnType<typeof noted>): string {
  box.boba(["hooks", "uninstall"], { cwd: at });
  expect(readFileSync(join(at, ".git", "config"), "utf8")).toBe(before);
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: at });
  return box.git(at, "config", "boba.clone");
}

const notedCommits = (box: Sandbox, at: string, id: string): string[] =>
  box
    .git(at, "notes", `--ref=boba/${id}`, "list")
    .split("\n")
    .map((line) => line.slice(41))
    .toSorted();

/** Somebody else's machine: another home, a clone of the remote. */
function colleague({ box, remote }: ReturnType<typeof noted>) {
  const home = join(box.dir, "bobs-home");
  mkdirSync(home);
  box.git(box.dir, "clone", "-q", `file://${remote}`, "bob");
  return { cwd: join(box.dir, "bob"), env: { HOME: home } };
}

test("the notes are written again under the new id, and reach a colleague once", () => {
  const all = noted();
  const { box, at, shas, old } = all;
  const id = again(all);
  expect(id).not.toBe(old);
  box.git(at, "push", "-q", "origin", "main");
  expect(box.boba(["notes", "push"], { cwd: at }).stderr).toBe("boba: pushed to origin: 2 notes\n");
  expect(notedCommits(box, at, id)).toEqual(shas.toSorted());
  expect(notedCommits(box, at, old)).toEqual(shas.toSorted());
  const bob = colleague(all);
  expect(box.json(["ci", "--base", "HEAD~2"], bob)).toMatchObject({ cost_nano_usd: "3000000000", requests: 2, commits_with_data: 2 });
  expect(box.boba(["notes", "push"], { cwd: at }).stderr).toBe("boba: pushed to origin: 2 notes\n");
});

test("what is under both ids counts once, here and elsewhere", () => {
  const all = noted();
  const { box, at, remote, old } = all;
  box.git(at, "push", "-q", "origin", "main");
  box.boba(["notes", "push"], { cwd: at });
  const id = again(all);
  talk(box, at, 200_000);
  box.git(at, "commit", "-q", "--allow-empty", "-m", "three");
  box.git(at, "push", "-q", "origin", "main");
  expect(box.boba(["notes", "push"], { cwd: at }).stderr).toBe("boba: pushed to origin: 3 notes\n");
  expect(box.git(remote, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/notes/boba").split("\n").toSorted()).toEqual(
    [id, old].toSorted(),
  );
  // 3 requests: twice $1.50 and $3.00.
  const once = { requests: 3, cost_nano_usd: "6000000000" };
  const bob = colleague(all);
  expect(box.json(["ci", "--base", "HEAD~3"], bob)).toMatchObject(once);
  expect(box.json(["report", "--shared"], bob).totals).toMatchObject(once);
  box.boba(["notes", "fetch"], { cwd: at });
  expect(box.json(["report", "--shared"], { cwd: at }).totals).toMatchObject(once);
  expect(box.json(["show", "HEAD~3..HEAD"], { cwd: at }).total).toMatchObject(once);
});

test("nothing is written again while the id stays, and the first id gets what was booked before it", () => {
  const all = noted();
  const { box, at, shas, old } = all;
  const tip = box.git(at, "rev-parse", `refs/notes/boba/${old}`);
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: at });
  box.boba(["stats"], { cwd: at });
  expect(box.git(at, "rev-parse", `refs/notes/boba/${old}`)).toBe(tip);
  const second = box.repo("late");
  const sha = talkAndCommit(box, second, 100_000, "early");
  box.boba(["stats"], { cwd: second });
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: second });
  box.boba(["stats"], { cwd: second });
  expect(notedCommits(box, second, box.git(second, "config", "boba.clone"))).toEqual([sha]);
  expect(notedCommits(box, at, old)).toEqual(shas.toSorted());
});
