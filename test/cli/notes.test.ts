import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { addNote, commits, line } from "../helpers/cells.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";

/** A bare remote and two clones with an id each and one shared commit. */
function team(): { box: Sandbox; ada: string; bob: string; sha: string } {
  const box = sandbox();
  const ada = box.repo("ada");
  const [sha] = commits(box, ada, "shared") as [string];
  box.git(box.dir, "clone", "-q", "--bare", ada, "remote.git");
  box.git(ada, "remote", "add", "origin", `file://${join(box.dir, "remote.git")}`);
  box.git(box.dir, "clone", "-q", `file://${join(box.dir, "remote.git")}`, "bob");
  const bob = join(box.dir, "bob");
  box.git(ada, "config", "boba.clone", "aaaaaaaa");
  box.git(bob, "config", "boba.clone", "bbbbbbbb");
  return { box, ada, bob, sha };
}

test("what one clone pushes another fetches, and its own notes are never overwritten", () => {
  const { box, ada, bob, sha } = team();
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  addNote(box, bob, "bbbbbbbb", sha, line("b"));
  expect(box.boba(["notes", "push"], { cwd: ada }).stderr).toBe("boba: pushed to origin: 1 note\n");
  expect(box.boba(["notes", "push"], { cwd: bob }).stderr).toBe("boba: pushed to origin: 1 note\n");
  // Since then bob's own notes have moved on, and the remote still has the older ones.
  addNote(box, bob, "bbbbbbbb", sha, line("c"));
  const own = box.git(bob, "rev-parse", "refs/notes/boba/bbbbbbbb");
  expect(box.boba(["notes", "fetch"], { cwd: bob }).stderr).toBe("boba: fetched from origin: notes of 1 other clone, 1 new or changed\n");
  expect(box.git(bob, "rev-parse", "refs/notes/boba/bbbbbbbb")).toBe(own);
  expect(box.git(bob, "notes", "--ref=boba/aaaaaaaa", "show", sha)).toBe(line("a"));
  expect(box.boba(["notes", "fetch"], { cwd: bob }).stderr).toContain("notes of 1 other clone, 0 new or changed");
  // Nothing else moved: no tracking branch, no FETCH_HEAD, no new ref on the remote but the two.
  expect(box.git(join(box.dir, "remote.git"), "for-each-ref", "--format=%(refname)", "refs/notes", "refs/boba").split("\n")).toEqual([
    "refs/notes/boba/aaaaaaaa",
    "refs/notes/boba/bbbbbbbb",
  ]);
  expect(box.tryGit(bob, ["rev-parse", "--verify", "FETCH_HEAD"]).status).not.toBe(0);
});

test("status counts one's own notes, those not pushed yet, and the others'", () => {
  const { box, ada, sha } = team();
  const [next] = commits(box, ada, "next") as [string];
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  addNote(box, ada, "cccccccc", sha, line("c"));
  expect(box.json(["notes", "status"], { cwd: ada })).toEqual({
    schema: "boba.notes-status/1",
    own: { ref: "refs/notes/boba/aaaaaaaa", notes: 1, unpushed: null },
    others: [{ ref: "refs/notes/boba/cccccccc", notes: 1 }],
    share: { on: false, failing: [] },
    skipped: 0,
  });
  box.boba(["notes", "push"], { cwd: ada });
  expect(box.json(["notes", "status"], { cwd: ada }).own).toEqual({ ref: "refs/notes/boba/aaaaaaaa", notes: 1, unpushed: 0 });
  addNote(box, ada, "aaaaaaaa", next, line("d"));
  expect(box.boba(["notes", "status"], { cwd: ada }).stdout).toBe(
    "own     refs/notes/boba/aaaaaaaa  2 notes, 1 not pushed yet\nother   refs/notes/boba/cccccccc  1 note\n",
  );
});

test("show prints the lines on a commit writer by writer, and what it had to skip", () => {
  const { box, ada, sha } = team();
  addNote(box, ada, "aaaaaaaa", sha, `${line("a")}\nrubbish`);
  addNote(box, ada, "cccccccc", sha, line("c", { model: "m\u202ee" }));
  expect(box.boba(["notes", "show", "HEAD"], { cwd: ada }).stdout.split("\n")).toEqual([
    "refs/notes/boba/aaaaaaaa (this clone)",
    `  ${line("a")}`,
    "refs/notes/boba/cccccccc",
    `  ${line("c", { model: "MARK" }).replace("MARK", "m\\u202ee")}`,
    "skipped: 1 line of notes (not-json)",
    "",
  ]);
  const json = box.json(["notes", "show", sha], { cwd: ada });
  expect(json).toMatchObject({ schema: "boba.notes-show/1", commit: sha, skipped: { bad_lines: 1, bad_lines_by_reason: { not_json: 1 } } });
  expect(json.writers.map((one: { writer: string; own: boolean }) => [one.writer, one.own])).toEqual([
    ["aaaaaaaa", true],
    ["cccccccc", false],
  ]);
  expect(json.writers[0].cells[0]).toMatchObject({
    id: "a".padStart(16, "0"),
    requests: 2,
    total_tokens: 100,
    cost_usd: 1.5,
    cost_nano_usd: "1500000000",
  });
});

test("the remote is the branch's own, else origin, else the only one; otherwise the choice is asked for", () => {
  const { box, ada, sha } = team();
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  const url = box.git(ada, "remote", "get-url", "origin");
  box.git(ada, "remote", "add", "upstream", url);
  box.git(ada, "fetch", "-q", "upstream");
  box.git(ada, "branch", "-q", "--set-upstream-to=upstream/main");
  expect(box.boba(["notes", "push"], { cwd: ada }).stderr).toContain("pushed to upstream");
  box.git(ada, "branch", "-q", "--unset-upstream");
  expect(box.boba(["notes", "push"], { cwd: ada }).stderr).toContain("pushed to origin");
  box.git(ada, "remote", "remove", "origin");
  expect(box.boba(["notes", "push"], { cwd: ada }).stderr).toContain("pushed to upstream");
  box.git(ada, "remote", "add", "other", url);
  expect(box.boba(["notes", "push"], { cwd: ada, expect: 2 }).stderr).toContain("[BOBA-NOTE-2]");
  expect(box.boba(["notes", "push", url], { cwd: ada }).stderr).toContain("1 note");
});

test("what cannot work says so, with a code and what to type", () => {
  const { box, ada, bob, sha } = team();
  expect(box.boba(["notes", "status"], { expect: 2 }).stderr).toContain("is not in a git repository [BOBA-NOTE-1]");
  box.git(bob, "config", "--unset", "boba.clone");
  expect(box.boba(["notes", "push"], { cwd: bob, expect: 1 }).stderr).toContain("[BOBA-NOTE-5]\n  start with: boba hooks install");
  expect(box.boba(["notes", "push"], { cwd: ada }).stderr).toContain("no notes to push yet");
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  expect(box.boba(["notes", "push", "nowhere"], { cwd: ada, expect: 4 }).stderr).toContain("[BOBA-NOTE-4]");
  expect(box.boba(["notes", "fetch", "nowhere"], { cwd: ada, expect: 4 }).stderr).toContain("[BOBA-NOTE-3]");
  expect(box.boba(["notes", "show", "nothing"], { cwd: ada, expect: 2 }).stderr).toContain("[BOBA-NOTE-8]");
});

test("two copies of one clone are told to part", () => {
  const { box, ada, bob, sha } = team();
  box.git(bob, "config", "boba.clone", "aaaaaaaa");
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  addNote(box, bob, "aaaaaaaa", sha, line("b"));
  box.boba(["notes", "push"], { cwd: ada });
  expect(box.boba(["notes", "push"], { cwd: bob, expect: 4 }).stderr).toContain("git config --unset boba.clone");
});

test("where the remote refuses notes, the hint is to ask for the right", () => {
  const { box, ada, sha } = team();
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  const hook = "remote.git/hooks/pre-receive";
  box.write(box.dir, hook, "#!/bin/sh\necho no notes here >&2\nexit 1\n");
  chmodSync(join(box.dir, hook), 0o755);
  const { stderr } = box.boba(["notes", "push"], { cwd: ada, expect: 4 });
  expect(stderr).toMatch(
    /pre-receive hook declined.*\[BOBA-NOTE-4\]\n {2}ask for the right to push refs\/notes\/\*, then: boba notes push\n$/,
  );
});

test("a push takes what was committed a moment ago along; --no-import sends the notes as they are", () => {
  const { box, ada } = team();
  box.boba(["hooks", "install", "--mode", "lazy"], { cwd: ada });
  talk(box, ada, 1000);
  const made = commit(box, ada, "a");
  expect(box.boba(["notes", "push", "--no-import"], { cwd: ada }).stderr).toBe(
    "boba: no notes to push yet: they are written when a commit holds AI spend\n",
  );
  expect(box.boba(["notes", "push"], { cwd: ada }).stderr).toBe("boba: pushed to origin: 1 note\n");
  const writer = box.git(ada, "config", "boba.clone");
  const told = box.git(join(box.dir, "remote.git"), "notes", `--ref=refs/notes/boba/${writer}`, "show", made);
  expect(JSON.parse(told)).toMatchObject({ requests: 1, output: 1000, nano_usd: 15_000_000 });
});

test("in a shallow clone notes are fetched at depth 1 and the clone's history stays as it is", () => {
  const { box, ada, sha } = team();
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  addNote(box, ada, "aaaaaaaa", sha, line("b"));
  box.boba(["notes", "push"], { cwd: ada });
  box.git(box.dir, "clone", "-q", "--depth=1", `file://${join(box.dir, "remote.git")}`, "thin");
  const thin = join(box.dir, "thin");
  box.boba(["notes", "fetch"], { cwd: thin });
  expect(box.git(thin, "rev-list", "--count", "refs/notes/boba/aaaaaaaa")).toBe("1");
  expect(box.git(thin, "rev-list", "--count", "HEAD")).toBe("1");
  expect(box.json(["notes", "show", sha], { cwd: thin }).writers).toHaveLength(1);
});

test("settings that prune, sign or ask do not reach notes", () => {
  const { box, ada, bob, sha } = team();
  addNote(box, ada, "aaaaaaaa", sha, line("a"));
  box.git(ada, "config", "push.gpgSign", "true");
  box.write(ada, ".git/hooks/pre-push", "#!/bin/sh\nexit 1\n");
  chmodSync(join(ada, ".git/hooks/pre-push"), 0o755);
  box.boba(["notes", "push"], { cwd: ada });
  addNote(box, bob, "bbbbbbbb", sha, line("b"));
  addNote(box, bob, "dddddddd", sha, line("d"));
  box.git(bob, "config", "fetch.prune", "true");
  box.boba(["notes", "fetch"], { cwd: bob });
  expect(box.git(bob, "for-each-ref", "--format=%(refname:lstrip=3)", "refs/notes/boba").split("\n")).toEqual([
    "aaaaaaaa",
    "bbbbbbbb",
    "dddddddd",
  ]);
});

test("ssh is told never to ask, unless the user has chosen a program", () => {
  const { box, bob } = team();
  const seen = join(box.dir, "seen");
  box.write(box.dir, "bin/ssh", `#!/bin/sh\necho "$0 $*" >>${seen}\nexit 255\n`);
  box.write(box.dir, "bin/my-ssh", `#!/bin/sh\necho "$0 $*" >>${seen}\nexit 255\n`);
  for (const name of ["ssh", "my-ssh"]) chmodSync(join(box.dir, "bin", name), 0o755);
  const env = { PATH: `${join(box.dir, "bin")}:${box.env["PATH"] ?? ""}` };
  const fetch = () => box.boba(["notes", "fetch", "ssh://git@host.invalid/x.git"], { cwd: bob, env, expect: 4 });
  fetch();
  expect(readFileSync(seen, "utf8")).toMatch(/^\S+\/bin\/ssh .*-oBatchMode=yes .*git@host\.invalid/);
  box.git(bob, "config", "core.sshCommand", join(box.dir, "bin", "my-ssh"));
  fetch();
  expect(readFileSync(seen, "utf8").trim().split("\n").at(-1)).toMatch(/^\S+\/bin\/my-ssh (?!.*BatchMode)/);
});
