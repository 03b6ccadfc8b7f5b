/** What `boba ci carry` refuses, in words that name what was typed. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { addNote, line } from "../helpers/cells.ts";
import { sandbox } from "../helpers/sandbox.ts";
import { commit } from "../helpers/work.ts";

/** A branch of one commit with a note of $1.50, squashed onto main, and a remote that has both. */
function landed() {
  const box = sandbox();
  const at = box.repo();
  box.git(at, "checkout", "-q", "-b", "feat");
  const head = commit(box, at, "one");
  addNote(box, at, "aaaaaaa1", head, line("1"));
  box.git(at, "checkout", "-q", "main");
  box.git(at, "merge", "-q", "--squash", "feat");
  box.git(at, "commit", "-q", "-m", "Feature");
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "clone", "-q", "--mirror", at, remote);
  box.git(at, "remote", "add", "origin", `file://${remote}`);
  return { box, at, remote };
}

test("a push without a fetch is refused before anything is booked, and both alone do what they say", () => {
  const { box, at, remote } = landed();
  const args = ["ci", "carry", "--merge", "main", "--pr-head", "feat", "--pr-base", "main~1"];
  const { stderr, stdout } = box.boba([...args, "--no-fetch", "--push"], { cwd: at, expect: 2 });
  expect(stderr).toBe(
    "boba: --push needs what other pipelines have pushed, and --no-fetch forbids to fetch it [BOBA-USE-70]\n" +
      "  leave --no-fetch out: boba ci carry --push\n",
  );
  expect(stdout).toBe("");
  expect(box.git(at, "for-each-ref", "--format=%(refname)", "refs/notes/boba")).toBe("refs/notes/boba/aaaaaaa1");
  expect(box.json([...args, "--no-fetch"], { cwd: at })).toMatchObject({ notes_changed: 1, pushed: false });
  expect(box.json([...args, "--push"], { cwd: at })).toMatchObject({ pushed: true });
  expect(box.git(remote, "for-each-ref", "--format=%(refname)", "refs/notes/boba")).toBe(
    "refs/notes/boba/471ce720\nrefs/notes/boba/aaaaaaa1",
  );
});

test("a name that is none is told as it was typed; a root commit cannot be a merge", () => {
  const { box, at } = landed();
  const root = box.git(at, "rev-list", "--max-parents=0", "main");
  const says = (merge: string, status: number) =>
    box.boba(["ci", "carry", "--merge", merge, "--pr-head", "feat"], { cwd: at, expect: status }).stderr.split("\n")[0];
  expect(says("nosuch", 2)).toBe('boba: no commit is called "nosuch" here [BOBA-CI-1]');
  expect(says(root, 1)).toBe(`boba: "${root}" is the first commit of a history, and that cannot be a merge [BOBA-CI-5]`);
  expect(says("1".repeat(40), 1)).toBe(`boba: commit ${"1".repeat(40)} is not in this clone [BOBA-CI-2]`);
  expect(says("", 2)).toBe('boba: no commit is called "" here [BOBA-CI-1]');
  // Without --pr-base the commit below is meant, also where the name is the remote's.
  box.git(at, "push", "-q", "origin", "main:landed");
  expect(box.json(["ci", "carry", "--merge", "landed", "--pr-head", "feat"], { cwd: at })).toMatchObject({ cells: 1, notes_changed: 1 });
});
