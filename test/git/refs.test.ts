import { join } from "node:path";
import { expect, it } from "vitest";
import { currentBranch } from "../../src/git/head.ts";
import { refsSignature, refTips } from "../../src/git/refs.ts";
import { nearestRepository } from "../../src/git/repo.ts";
import { sandbox } from "../helpers/sandbox.ts";

function setUp() {
  const box = sandbox();
  const at = box.repo();
  for (const name of ["notes/a", "notes/b"]) box.git(at, "branch", name);
  return { box, at, signature: () => refsSignature(join(at, ".git")) };
}

it("branches in a folder called notes are watched", () => {
  const { box, at, signature } = setUp();
  const before = signature();
  box.git(at, "branch", "-q", "-D", "notes/b");
  expect(signature()).not.toBe(before);
});

it("notes and our own refs are neither watched nor tips", async () => {
  const { box, at, signature } = setUp();
  const head = box.git(at, "rev-parse", "HEAD");
  const other = box.git(at, "commit-tree", "-m", "aside", "HEAD^{tree}");
  for (const ref of ["refs/boba/pushed/a", "refs/notes/a"]) box.git(at, "update-ref", ref, head);
  const before = signature();
  for (const ref of ["refs/boba/pushed/a", "refs/boba/pushed/b", "refs/notes/a", "refs/notes/b"]) box.git(at, "update-ref", ref, other);
  expect(signature()).toBe(before);
  expect(await refTips({ at, env: box.env })).toEqual([head]);
});

it("a branch has its own name, whatever a tag is called", async () => {
  const { box, at } = setUp();
  box.git(at, "switch", "-q", "-c", "topic");
  box.git(at, "tag", "topic");
  expect(await currentBranch(at, box.env)).toBe("topic");
});

it("a `.git` file that holds anything else is passed over", () => {
  const { box, at } = setUp();
  box.write(at, "sub/.git", "x".repeat(100_000));
  expect(nearestRepository(join(at, "sub"))).toMatchObject({ root: at });
});
