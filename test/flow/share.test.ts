/** `boba hooks install --share`: whatever way somebody pushes, the clone's notes follow, and nobody notices. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";
import { commit, talk } from "../helpers/work.ts";
import { events, fingerprints, install, OLD_GIT, spool, spoolFile } from "../hooks/tools.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { appAt } from "../hooks/tools.ts";

async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 50));
}

/** A clone with a bare remote, sharing. */
function sharing(mode = "background"): { box: Sandbox; at: string; remote: string; id: string } {
  const box = sandbox();
  const at = box.repo();
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "init", "-q", "--bare", "-b", "main", "remote.git");
  box.git(at, "remote", "add", "origin", remote);
  box.boba(["hooks", "install", "--share", "--mode", mode], { cwd: at });
  return { box, at, remote, id: box.git(at, "config", "boba.clone") };
}

/** The requests noted on a commit, as the remote has them. */
function arrived(box: Sandbox, remote: string, id: string, sha: string): number[] {
  const note = box.tryGit(remote, ["notes", `--ref=boba/${id}`, "show", sha]);
  if (note.status !== 0) return [];
  return note.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line).output as number);
}

test("push of a branch, of all, with -u HEAD, by address, from a linked worktree: the notes arrive each time", async () => {
  const { box, at, remote, id } = sharing();
  const linked = join(box.dir, "linked");
  box.git(at, "worktree", "add", "-q", "-b", "side", linked);
  const pushes: [number, string, string[]][] = [
    [11, at, ["origin", "main"]],
    [12, at, ["--all"]],
    [13, at, ["-u", "origin", "HEAD"]],
    [14, at, [`file://${remote}`, "main"]],
    [15, linked, ["origin", "side"]],
    [16, at, ["--dry-run", "../remote.git", "main"]],
  ];
  for (const [output, cwd, args] of pushes) {
    talk(box, cwd, output);
    const sha = commit(box, cwd, `f${output}`);
    const result = box.tryGit(cwd, ["push", "-q", ...args]);
    expect([result.status, result.stdout, result.stderr]).toEqual([0, expect.any(String), ""]);
    await until(() => arrived(box, remote, id, sha).length > 0);
    expect(arrived(box, remote, id, sha)).toEqual([output]);
  }
  await until(() => box.json(["notes", "status"], { cwd: at }).own.unpushed === 0);
  expect(box.json(["notes", "status"], { cwd: at })).toMatchObject({ own: { unpushed: 0 }, share: { on: true, failing: [] } });
});

test("nothing goes to a remote that nobody pushed to, nor from a clone that does not share", async () => {
  const { box, at, remote, id } = sharing("lazy");
  const other = join(box.dir, "other.git");
  box.git(box.dir, "init", "-q", "--bare", "other.git");
  box.git(at, "remote", "add", "other", other);
  const plain = box.repo("plain");
  box.git(plain, "remote", "add", "origin", other);
  box.boba(["hooks", "install"], { cwd: plain });
  for (const cwd of [at, plain]) {
    talk(box, cwd, 21);
    commit(box, cwd, "f");
    box.git(cwd, "push", "-q", "origin", "main");
  }
  box.boba(["drain"]);
  expect(box.git(other, "for-each-ref", "refs/notes")).toBe("");
  expect(box.git(remote, "for-each-ref", "--format=%(refname)", "refs/notes")).toBe(`refs/notes/boba/${id}`);
});

test("an ssh that never answers holds up neither the push nor the next commit", async () => {
  const { box, at } = sharing();
  const remote = join(box.dir, "remote.git");
  const [go, asked] = [join(box.dir, "go"), join(box.dir, "asked")];
  // Stands for ssh: runs the server's side here; for boba's own push it waits until it is let go.
  const ssh = join(box.dir, "slow-ssh");
  writeFileSync(
    ssh,
    `#!/bin/sh\nif [ "$BOBA_HOOKS" = 0 ]; then : >'${asked}'; while [ ! -e '${go}' ]; do sleep 0.05; done; exit 255; fi\nfor last; do :; done\neval "$last"\n`,
    { mode: 0o755 },
  );
  // In the configuration: any drain may be the one that pushes, not only the one that this push started.
  box.git(at, "config", "core.sshCommand", ssh);
  box.git(at, "config", "ssh.variant", "simple");
  box.git(at, "remote", "set-url", "origin", `git@host.invalid:${remote}`);
  talk(box, at, 31);
  commit(box, at, "f");
  const push = box.tryGit(at, ["push", "-q", "origin", "main"]);
  expect([push.status, push.stdout, push.stderr, existsSync(go)]).toEqual([0, "", "", false]);
  await until(() => existsSync(asked));
  talk(box, at, 32);
  const next = commit(box, at, "g");
  // The first drain is still at the remote; the second books all the same.
  await until(() => box.tryGit(at, ["notes", `--ref=boba/${box.git(at, "config", "boba.clone")}`, "show", next]).status === 0);
  expect(existsSync(go)).toBe(false);
  writeFileSync(go, "");
  await until(() => box.json(["notes", "status"], { cwd: at }).share.failing.length > 0);
  expect(box.json(["notes", "status"], { cwd: at }).share.failing).toMatchObject([{ remote: "origin", refused: false }]);
});

test("a remote that refuses notes: the push works, one line tells why, and it is not asked again at the next push", async () => {
  const { box, at, remote } = sharing("lazy");
  const asked = join(box.dir, "asked");
  box.write(
    remote,
    "hooks/pre-receive",
    `#!/bin/sh\nwhile read old new ref; do case $ref in refs/notes/*) echo x >>'${asked}'; echo no notes here >&2; exit 1 ;; esac; done\n`,
  );
  chmodSync(join(remote, "hooks/pre-receive"), 0o755);
  for (const file of ["a", "b", "c"]) {
    talk(box, at, 41);
    commit(box, at, file);
    expect(box.tryGit(at, ["push", "-q", "origin", "main"]).status).toBe(0);
    box.boba(["drain"], { cwd: at });
  }
  expect(readFileSync(asked, "utf8")).toBe("x\n");
  const line = "origin refuses notes: ! [remote rejected] refs/notes/boba/";
  expect(box.boba(["notes", "status"], { cwd: at }).stdout.split(line)).toHaveLength(2);
  expect(box.json(["hooks", "status"], { cwd: at }).warnings).toEqual([expect.stringContaining(line)]);
  // By hand, once the remote has changed its mind, clears it.
  writeFileSync(join(remote, "hooks/pre-receive"), "#!/bin/sh\nexit 0\n");
  box.boba(["notes", "push", "origin"], { cwd: at });
  expect(box.json(["notes", "status"], { cwd: at }).share.failing).toEqual([]);
  expect(box.json(["hooks", "status"], { cwd: at }).warnings).toEqual([]);
});

test("the hook says which remote, and never writes a secret down", async () => {
  const box = sandbox();
  const at = box.repo();
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "init", "-q", "--bare", "remote.git");
  box.git(at, "remote", "add", "origin", remote);
  await installHooks(appAt(box, at), { global: false, mode: "lazy", force: false, share: true, gits: [OLD_GIT] });
  box.git(at, "push", "-q", "origin", "main");
  box.git(at, "push", "-q", remote, "main:copy");
  const script = join(box.bobaHome, "git-hooks", "spool.sh");
  for (const url of ["https://ada:secret@host/x.git", "https://token@host/x.git", "git@host:o/x.git", "ssh://git@host/x"]) {
    const run = `BOBA_HOOK=pre-push; . '${script}'`;
    box.tryGit(at, ["-c", `alias.spoolit=!sh -c "${run.replaceAll('"', '\\"')}" sh`, "spoolit", url, url], { expect: 0 });
  }
  // A new git reads the configured hook as well as the block: the same line twice, which counts once.
  const lines = new Set(spool(spoolFile(box)).flatMap((row) => (row[1] === "pre-push" ? [row.join("\t")] : [])));
  const rows = [...lines].map((line) => line.split("\t"));
  expect(rows.map((row) => row.slice(6))).toEqual([["origin"], [remote], ["git@host:o/x.git"], ["ssh://git@host/x"]]);
  expect(rows[0]?.slice(2, 4)).toEqual([join(at, ".git"), at]);
});

test("uninstalling leaves every byte as it was; a pre-push hook of the user's own keeps running, with its input", async () => {
  const box = sandbox();
  const at = box.repo();
  const seen = join(box.dir, "seen");
  box.git(box.dir, "init", "-q", "--bare", "remote.git");
  box.write(at, ".git/hooks/pre-push", `#!/bin/sh\ncat >'${seen}'\nexit 0`);
  chmodSync(join(at, ".git/hooks/pre-push"), 0o755);
  const before = fingerprints(at, ".git");
  await installHooks(appAt(box, at), { global: false, mode: "lazy", force: false, share: true, gits: [OLD_GIT] });
  expect(readFileSync(join(at, ".git/hooks/pre-push"), "utf8")).toContain("BOBA_HOOK=pre-push");
  // Installing again without the word keeps it.
  await install(box, at);
  expect(JSON.parse(readFileSync(join(box.bobaHome, "git-hooks/manifest.json"), "utf8")).repos[0].share).toBe(true);
  const status = box.json(["hooks", "status"], { cwd: at });
  expect(status).toMatchObject({ share: true });
  expect(status.events.map((one: { event: string }) => one.event)).toContain("pre-push");
  box.git(at, "push", "-q", "../remote.git", "main");
  expect(readFileSync(seen, "utf8")).toMatch(/^refs\/heads\/main [0-9a-f]{40} refs\/heads\/main 0{40}\n$/);
  expect(events(box)).toEqual(["pre-push"]);
  box.boba(["hooks", "uninstall"], { cwd: at });
  expect(fingerprints(at, ".git")).toEqual(before);
  expect(existsSync(join(box.bobaHome, "git-hooks", "gitconfig"))).toBe(false);
});

test("when the last clone that shared is gone, the others' include lists no push any more", async () => {
  const box = sandbox();
  const [one, two] = [box.repo("one"), box.repo("two")];
  await install(box, one);
  await installHooks(appAt(box, two), { global: false, mode: "lazy", force: false, share: true, gits: [OLD_GIT] });
  const include = join(box.bobaHome, "git-hooks", "gitconfig");
  expect(readFileSync(include, "utf8")).toContain("event = pre-push");
  box.boba(["hooks", "uninstall"], { cwd: two });
  expect(readFileSync(include, "utf8")).not.toContain("pre-push");
  expect(existsSync(join(one, ".git/hooks/pre-push"))).toBe(false);
});

test("--global --share: a clone gets its id at its first push, and loses it with the installation", async () => {
  const box = sandbox();
  const at = box.repo();
  const remote = join(box.dir, "remote.git");
  box.git(box.dir, "init", "-q", "--bare", "remote.git");
  box.git(at, "remote", "add", "origin", remote);
  const before = fingerprints(at, ".git/config", ".git/hooks");
  await installHooks(appAt(box, at), { global: true, mode: "lazy", force: false, share: true, gits: [OLD_GIT] });
  talk(box, at, 51);
  const sha = commit(box, at, "f");
  box.git(at, "push", "-q", "origin", "main");
  box.boba(["drain"], { cwd: at });
  expect(arrived(box, remote, box.git(at, "config", "boba.clone"), sha)).toEqual([51]);
  box.boba(["hooks", "uninstall", "--global"], { cwd: at });
  expect(fingerprints(at, ".git/config", ".git/hooks")).toEqual(before);
});
