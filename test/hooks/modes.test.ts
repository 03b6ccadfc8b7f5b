/** The three modes, with a shell script in the place of Node.js that writes down how it was started. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";
import { appAt, installOnce, replaceNode } from "./tools.ts";
import { healHooks } from "../../src/flow/hooks-heal.ts";

async function until(there: () => boolean): Promise<void> {
  while (!there()) await new Promise((resolve) => setTimeout(resolve, 20));
}

test("background: git returns while the program still runs, with a clean environment and no descriptor of git's", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo, "background");
  const out = join(box.dir, "out");
  const go = join(box.dir, "go");
  // It runs until `go` exists, which is made only after git has returned: a descriptor left open would hang the test.
  replaceNode(
    box,
    `while [ ! -e '${go}' ]; do sleep 0.05; done\n{ shift; echo "$@"; echo "hooks=$BOBA_HOOKS home=$BOBA_HOME options=\${NODE_OPTIONS-unset} certs=\${NODE_EXTRA_CA_CERTS-unset}"; pwd; echo end; } >'${out}'\n`,
  );
  const result = box.tryGit(repo, ["commit", "-q", "--allow-empty", "-m", "x"], {
    env: { NODE_OPTIONS: "--no-warnings", NODE_EXTRA_CA_CERTS: "/nowhere" },
  });
  expect([result.status, result.stdout, result.stderr, existsSync(out)]).toEqual([0, "", "", false]);
  writeFileSync(go, "");
  await until(() => existsSync(out) && readFileSync(out, "utf8").endsWith("end\n"));
  expect(readFileSync(out, "utf8")).toBe(`drain\nhooks=0 home=${box.bobaHome} options=unset certs=unset\n${repo}\nend\n`);
});

test("background: a series starts the program once, at its end", async () => {
  const box = sandbox();
  const repo = box.repo();
  box.git(repo, "checkout", "-q", "-b", "topic");
  for (const file of ["a", "b", "c"]) {
    box.write(repo, file, file);
    box.git(repo, "add", "-A");
    box.git(repo, "commit", "-q", "-m", file);
  }
  box.git(repo, "format-patch", "-q", "-o", join(box.dir, "patches"), "main");
  box.git(repo, "checkout", "-q", "main");
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "base");
  await installOnce(box, repo, "background");
  const calls = join(box.dir, "calls");
  replaceNode(box, `echo "$2" >>'${calls}'\n`, true);
  const counted = (work: () => void): number => {
    writeFileSync(calls, "");
    work();
    return readFileSync(calls, "utf8").split("\n").length - 1;
  };
  const patches = ["0001-a.patch", "0002-b.patch", "0003-c.patch"].map((name) => join(box.dir, "patches", name));
  expect(counted(() => box.git(repo, "cherry-pick", "topic~3..topic"))).toBe(1);
  box.git(repo, "reset", "-q", "--hard", "HEAD~3");
  expect(counted(() => box.git(repo, "am", "-q", ...patches))).toBe(1);
  box.git(repo, "reset", "-q", "--hard", "HEAD~3");
  box.git(repo, "checkout", "-q", "topic");
  expect(counted(() => box.git(repo, "rebase", "-q", "--merge", "main"))).toBe(1);
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "more");
  box.git(repo, "checkout", "-q", "-B", "other", "topic~4");
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "new base");
  box.git(repo, "checkout", "-q", "topic");
  // The apply backend checks out its base before its own folder is there: that one start is on top.
  expect(counted(() => box.git(repo, "rebase", "-q", "--apply", "other"))).toBeLessThanOrEqual(2);
});

test("summary: the program's line goes to git's stderr after a commit, and its status nowhere", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo, "summary");
  replaceNode(box, 'shift; echo "line of $*"; echo noise >&2; exit 3\n', true);
  const commit = box.tryGit(repo, ["commit", "-q", "--allow-empty", "-m", "x"]);
  expect([commit.status, commit.stdout, commit.stderr]).toEqual([0, "", "line of drain --summary\n"]);
  const checkout = box.tryGit(repo, ["checkout", "-q", "-b", "topic"]);
  expect([checkout.status, checkout.stdout, checkout.stderr]).toEqual([0, "", ""]);
});

test("lazy: nothing is started", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo, "lazy");
  const calls = join(box.dir, "calls");
  replaceNode(box, `echo x >>'${calls}'\n`, true);
  box.git(repo, "commit", "-q", "--allow-empty", "-m", "x");
  expect(existsSync(calls)).toBe(false);
});

test("the mode stays through a second install without one, and a lost script is healed with it", async () => {
  const box = sandbox();
  const repo = box.repo();
  await installOnce(box, repo, "summary");
  box.boba(["hooks", "install"], { cwd: repo });
  const script = join(box.bobaHome, "git-hooks", "spool.sh");
  expect(readFileSync(script, "utf8")).toContain("\nboba_mode='summary'\n");
  writeFileSync(script, readFileSync(script, "utf8").replace(/^boba_node=.*$/m, "boba_node='/gone/node'"));
  expect((await healHooks(appAt(box, repo), repo)).map((one) => one.what)).toEqual(["script"]);
  expect(readFileSync(script, "utf8")).toContain(`\nboba_node='${process.execPath}'\nboba_program=`);
  expect(readFileSync(script, "utf8")).toContain("\nboba_mode='summary'\n");
});
