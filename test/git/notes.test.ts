import { join } from "node:path";
import { expect, test } from "vitest";
import { parseNote } from "../../src/core/note.ts";
import { listNotes, readNotes } from "../../src/git/notes.ts";
import { writeNotes } from "../../src/git/notes-write.ts";
import { addNote, commits, line } from "../helpers/cells.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

function setUp(): { box: Sandbox; at: string; repo: { commonDir: string; env: NodeJS.ProcessEnv } } {
  const box = sandbox();
  const at = box.repo();
  return { box, at, repo: { commonDir: join(at, ".git"), env: box.env } };
}

const texts = async (repo: { commonDir: string; env: NodeJS.ProcessEnv }, wanted: readonly string[] | null) => {
  const notes = await readNotes(repo, { commits: wanted === null ? null : new Set(wanted) });
  return notes.entries.map(({ writer, sha, blob }) => [writer, sha, notes.bodies.get(blob)?.toString("utf8") ?? null]).sort();
};

test("notes written at once are read by plain git, and the repository is sound", async () => {
  const { box, at, repo } = setUp();
  const [a, b] = commits(box, at, "a", "b") as [string, string];
  expect(
    await writeNotes(
      repo,
      "0a1b2c3d",
      [
        { sha: a, text: "one\n" },
        { sha: b, text: "zwei ü\n" },
      ],
      { base: null, nowMs: 5000 },
    ),
  ).toBe("written");
  expect(box.git(at, "notes", "--ref=boba/0a1b2c3d", "show", a)).toBe("one");
  expect(box.git(at, "notes", "--ref=boba/0a1b2c3d", "show", b)).toBe("zwei ü");
  expect(box.git(at, "log", "-1", "--format=%N", "--notes=boba/*")).toBe("zwei ü");
  expect(box.git(at, "log", "-1", "--format=%cn <%ce> %ct", "refs/notes/boba/0a1b2c3d")).toBe("boba <boba@localhost> 5");
  expect(box.tryGit(at, ["fsck", "--strict"]).status).toBe(0);
  expect(box.git(at, "status", "--porcelain")).toBe("");
  expect(await texts(repo, [b])).toEqual([["0a1b2c3d", b, "zwei ü\n"]]);
});

test("a second write builds on the first, replaces one note and keeps the others", async () => {
  const { box, at, repo } = setUp();
  const [a, b] = commits(box, at, "a", "b") as [string, string];
  await writeNotes(
    repo,
    "0a1b2c3d",
    [
      { sha: a, text: "a1\n" },
      { sha: b, text: "b1\n" },
    ],
    { base: null, nowMs: 0 },
  );
  const base = box.git(at, "rev-parse", "refs/notes/boba/0a1b2c3d");
  expect(await writeNotes(repo, "0a1b2c3d", [{ sha: a, text: "a2\n" }], { base, nowMs: 0 })).toBe("written");
  expect(await texts(repo, null)).toEqual(
    [
      ["0a1b2c3d", a, "a2\n"],
      ["0a1b2c3d", b, "b1\n"],
    ].sort(),
  );
  expect(box.git(at, "rev-list", "--count", "refs/notes/boba/0a1b2c3d")).toBe("2");
});

test("a ref that moved since it was read is left alone", async () => {
  const { box, at, repo } = setUp();
  const [a] = commits(box, at, "a") as [string];
  await writeNotes(repo, "0a1b2c3d", [{ sha: a, text: "first\n" }], { base: null, nowMs: 0 });
  const stale = box.git(at, "rev-parse", "refs/notes/boba/0a1b2c3d");
  await writeNotes(repo, "0a1b2c3d", [{ sha: a, text: "second\n" }], { base: stale, nowMs: 0 });
  expect(await writeNotes(repo, "0a1b2c3d", [{ sha: a, text: "late\n" }], { base: stale, nowMs: 0 })).toBe("moved");
  expect(await writeNotes(repo, "0a1b2c3d", [{ sha: a, text: "late\n" }], { base: null, nowMs: 0 })).toBe("moved");
  expect(await texts(repo, null)).toEqual([["0a1b2c3d", a, "second\n"]]);
});

test("only what was asked for is read, from trees that fan out and from a hundred writers", async () => {
  const { box, at, repo } = setUp();
  const all = commits(box, at, ..."abcdefghij");
  for (let writer = 0; writer < 100; writer++) {
    const sha = all[writer % 10] as string;
    await writeNotes(repo, writer.toString(16).padStart(8, "0"), [{ sha, text: `${line(writer.toString(16))}\n` }], {
      base: null,
      nowMs: 0,
    });
  }
  // Git fans a notes tree out once it holds many: 2/38 by hand, beside 2/2/36, as git itself would write them.
  const blob = box.tryGit(at, ["hash-object", "-w", "--stdin"], { input: "fan\n" }).stdout.trim();
  const [first, second] = all as [string, string];
  const index = { GIT_INDEX_FILE: join(box.dir, "index") };
  const cut = (sha: string, ...ends: number[]) => [0, ...ends].map((from, n) => sha.slice(from, ends[n])).join("/");
  box.tryGit(
    at,
    ["update-index", "--add", "--cacheinfo", `100644,${blob},${cut(first, 2)}`, "--cacheinfo", `100644,${blob},${cut(second, 2, 4)}`],
    { env: index, expect: 0 },
  );
  const tree = box.tryGit(at, ["write-tree"], { env: index }).stdout.trim();
  box.git(at, "update-ref", "refs/notes/boba/fa000000", box.git(at, "commit-tree", "-m", "x", tree));
  const found = await readNotes(repo, { commits: new Set([first, second]) });
  expect(found.tips.size).toBe(101);
  expect(
    found.entries
      .filter(({ writer }) => writer === "fa000000")
      .map(({ sha }) => sha)
      .sort(),
  ).toEqual([first, second].sort());
  expect(found.entries).toHaveLength(10 + 10 + 2);
  expect(found.strange + found.badRefs).toBe(0);
  expect((await listNotes(repo, { commits: null })).entries).toHaveLength(102);
});

test("rubbish in refs and trees is counted and does not hide the rest", async () => {
  const { box, at, repo } = setUp();
  const [a] = commits(box, at, "a") as [string];
  addNote(box, at, "00000001", a, "good");
  const blob = box.tryGit(at, ["hash-object", "-w", "--stdin"], { input: "x" }).stdout.trim();
  box.git(at, "update-ref", "refs/notes/boba/b10b", blob);
  const entries = ["README", "zz/deep", `${a}00`, a.slice(0, 38), "ab/README"].map((path) => ["--cacheinfo", `100644,${blob},${path}`]);
  const index = { GIT_INDEX_FILE: join(box.dir, "index") };
  box.tryGit(at, ["update-index", "--add", ...entries.flat()], { env: index, expect: 0 });
  const tree = box.tryGit(at, ["write-tree"], { env: index }).stdout.trim();
  box.git(at, "update-ref", "refs/notes/boba/odd/name", box.git(at, "commit-tree", "-m", "x", tree));
  const found = await readNotes(repo, { commits: null });
  expect(found.badRefs).toBe(1);
  // README, the folder zz, the two ids of the wrong length, and README in the folder ab.
  expect(found.strange).toBe(5);
  expect(found.entries.map(({ writer, sha }) => [writer, sha])).toEqual([["00000001", a]]);
});

test("a note of ten megabytes is not loaded, one that is a folder is not followed", async () => {
  const { box, at, repo } = setUp();
  const [a, b] = commits(box, at, "a", "b") as [string, string];
  addNote(box, at, "00000001", a, "x".repeat(10 * 1024 * 1024));
  addNote(box, at, "00000001", b, "y".repeat(1024 * 1024));
  const notes = await readNotes(repo, { commits: null });
  const body = (sha: string) => notes.bodies.get(notes.entries.find((entry) => entry.sha === sha)?.blob ?? "");
  expect(body(a)).toBeNull();
  // `git notes` ends a text with a newline: one byte more than a parser takes, so the parser says so.
  expect(parseNote(body(b) as Buffer).bad).toEqual({ "note-too-large": 1 });
});

test("a tree that repeats itself without end is given up, not walked for ever", async () => {
  const { box, at, repo } = setUp();
  let tree = box.tryGit(at, ["hash-object", "-w", "-t", "tree", "--stdin"], { input: "" }).stdout.trim();
  for (let depth = 0; depth < 19; depth++) {
    const rows = Array.from({ length: 256 }, (_, n) => `040000 tree ${tree}\t${n.toString(16).padStart(2, "0")}\n`).join("");
    tree = box.tryGit(at, ["mktree"], { input: rows, expect: 0 }).stdout.trim();
  }
  box.git(at, "update-ref", "refs/notes/boba/b0b", box.git(at, "commit-tree", "-m", "x", tree));
  const list = await listNotes(repo, { commits: null });
  expect(list.entries).toEqual([]);
  expect(list.strange).toBeGreaterThan(0);
});

test("a repository with SHA-256 ids is read and written the same way", async () => {
  const box = sandbox();
  box.git(box.dir, "init", "-q", "--object-format=sha256", "wide");
  const at = join(box.dir, "wide");
  const repo = { commonDir: join(at, ".git"), env: box.env };
  const [a] = commits(box, at, "a", "b") as [string];
  expect(await writeNotes(repo, "0a1b2c3d", [{ sha: a, text: "one\n" }], { base: null, nowMs: 0 })).toBe("written");
  expect(await texts(repo, [a])).toEqual([["0a1b2c3d", a, "one\n"]]);
  expect((await listNotes(repo, { commits: null })).strange).toBe(0);
});
