/** Faults of hooks, the spool and notes. */
import { chmodSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import Database from "better-sqlite3";
import { expect, test } from "vitest";
import { checkAndMend, checkUp } from "../../src/flow/doctor.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { examine, type Fault, type Patient, patient, wrong } from "./patient.ts";

/** As a manager that owns the hooks folder and rewrites the configuration leaves it. */
function takeOut({ repo, app }: Patient): void {
  const config = join(repo, ".git", "config");
  const text = readFileSync(config, "utf8");
  expect(text).toContain(join(app.paths.gitHooks, "gitconfig"));
  writeFileSync(config, text.replace(/\[include\]\n\s*path = .*\n/, ""));
  const hook = join(repo, ".git", "hooks", "post-commit");
  writeFileSync(hook, "#!/bin/sh\nexit 0\n");
  chmodSync(hook, 0o755);
}

function old(path: string): void {
  const anHourAgo = Date.now() / 1000 - 3600;
  utimesSync(path, anHourAgo, anHourAgo);
}

const FAULTS: readonly Fault[] = [
  {
    fault: "hooks that a manager took out, seen from inside the repository",
    plant: (sick) => {
      takeOut(sick);
      return { cwd: sick.repo };
    },
    level: "warn",
    check: "hooks",
    what: /^boba's hooks were removed from \S+\/ward\/repo$/,
    mend: /^cd \S+\/repo && boba hooks install$/,
    fix: /^puts them back$/,
  },
  {
    fault: "hooks that a manager took out, seen from elsewhere",
    plant: takeOut,
    level: "warn",
    check: "hooks",
    what: /^boba's hooks were removed from \S+\/ward\/repo$/,
    mend: /boba hooks install$/,
    fix: /^puts them back$/,
  },
  {
    fault: "the line in the global configuration is gone",
    plant: async ({ app, box }) => {
      const file = join(box.home, ".gitconfig");
      const before = readFileSync(file);
      await installHooks(app, { global: true, mode: null, force: true });
      expect(readFileSync(file, "utf8")).toContain("[include]");
      writeFileSync(file, before);
    },
    level: "warn",
    check: "hooks",
    what: /^boba's line was removed from \S+\/\.gitconfig$/,
    mend: /^boba hooks install --global$/,
    fix: /^puts it back$/,
  },
  {
    fault: "the script that hooks run is gone",
    plant: ({ app, repo }) => {
      rmSync(join(app.paths.gitHooks, "spool.sh"));
      return { cwd: repo };
    },
    level: "warn",
    check: "hooks",
    what: /^the script that hooks run \(in \S+\/git-hooks\) is gone or out of date$/,
    mend: /^boba hooks install$/,
    fix: /^writes it again$/,
  },
  {
    fault: "a manifest of hooks that is damaged",
    plant: ({ app }) => writeFileSync(app.paths.hooksManifest, '{"version": 1, "repos": [{'),
    level: "warn",
    check: "hooks",
    what: /\/manifest\.json is damaged$/,
    mend: /^mv \S+ \S+\.old, then in each repository: boba hooks install$/,
  },
  {
    fault: "a repository that boba was not installed in",
    plant: ({ box }) => ({ cwd: box.repo("other") }),
    level: "warn",
    check: "hooks",
    what: /^no hooks in \S+\/other$/,
    mend: /^boba hooks install$/,
  },
  {
    fault: "core.hooksPath leads to no folder",
    plant: ({ box }) => {
      const other = box.repo("other");
      box.git(other, "config", "core.hooksPath", "../nowhere");
      return { cwd: other };
    },
    level: "warn",
    check: "hooks",
    what: /^core\.hooksPath names a folder that does not exist: \.\.\/nowhere/,
    mend: /^git -C \S+\/other config --local --unset core\.hooksPath/,
  },
  {
    fault: "hooks that a variable switches off",
    plant: ({ app, repo }) => ({ cwd: repo, env: { ...app.env, BOBA_HOOKS: "0" } }),
    level: "warn",
    check: "hooks",
    what: /^BOBA_HOOKS=0 is set here: hooks do nothing$/,
    mend: /^unset BOBA_HOOKS$/,
  },
  {
    fault: "what hooks wrote and no run took",
    plant: ({ app }) => {
      writeFileSync(app.paths.spool, "post-commit\n");
      old(app.paths.spool);
    },
    level: "warn",
    check: "hooks",
    what: /^hooks have written what no background run has taken for more than 10 minutes$/,
    mend: /^boba drain$/,
    fix: /boba drain/,
  },
  {
    fault: "what a run had set aside before it was killed",
    plant: ({ app }) => {
      const aside = `${app.paths.spool}.taken-1790000000000-1`;
      writeFileSync(aside, "post-commit\n");
      old(aside);
      writeFileSync(app.paths.settings, "hooks:\n  mode: lazy\n");
      const script = join(app.paths.gitHooks, "spool.sh");
      writeFileSync(script, readFileSync(script, "utf8").replace("boba_mode='background'", "boba_mode='lazy'"));
    },
    level: "warn",
    check: "hooks",
    what: /^hooks have written what no background run has taken/,
    mend: /^boba drain$/,
    fix: /boba drain/,
  },
  {
    fault: "a remote that refuses notes",
    plant: async ({ app, repo }) => {
      await installHooks({ ...app, cwd: repo }, { global: false, mode: null, share: true, force: true });
      const db = new Database(app.paths.db);
      const failed =
        "INSERT INTO shares (repo, remote, cwd, wanted, failures, failed_at_ms, refused, reason) SELECT id, 'origin', '/', 1, 1, ?, 1, ? FROM repos";
      db.prepare(failed).run(Date.now(), "! [remote rejected] refs/notes/boba/1 (hook declined)");
      db.close();
      return { cwd: repo };
    },
    level: "warn",
    check: "notes",
    what: /^repo: origin refuses notes: ! \[remote rejected\]/,
    mend: /^ask for the right to push refs\/notes\/\*, then: boba notes push$/,
  },
];

test.each(FAULTS)("$fault", examine);

test("hooks that cannot be put back are left, and it is said", async () => {
  const sick = await patient();
  takeOut(sick);
  const { fixes, findings } = await checkAndMend({ ...sick.app, env: { ...sick.app.env, CI: "true" } }, {});
  expect(fixes).toMatchObject([{ mended: false, told: "CI is set here, where boba installs no hooks" }]);
  expect(wrong(findings)).toMatchObject([{ what: expect.stringContaining("boba's hooks were removed from") }]);
});

test("what a user put beside the hooks stays when they are put back", async () => {
  const sick = await patient();
  takeOut(sick);
  const own = join(sick.repo, ".git", "hooks", "pre-commit");
  writeFileSync(own, "#!/bin/sh\nexit 0\n");
  mkdirSync(join(sick.repo, ".git", "hooks", "mine"));
  await checkAndMend(sick.app, {});
  expect(readFileSync(own, "utf8")).toBe("#!/bin/sh\nexit 0\n");
  expect(readFileSync(join(sick.repo, ".git", "hooks", "post-commit"), "utf8")).toContain("exit 0\n");
  expect(statSync(join(sick.repo, ".git", "hooks", "mine")).isDirectory()).toBe(true);
});

test("what the system refuses is a finding, and the other checks go on", async () => {
  const { app } = await patient();
  rmSync(app.paths.hooksManifest);
  mkdirSync(app.paths.hooksManifest);
  const found = await checkUp(app);
  expect(wrong(found)).toMatchObject([{ level: "error", what: expect.stringContaining("cannot be looked at (EISDIR)") }]);
  expect(wrong(found)[0]?.why).toMatch(/; not looked at meanwhile: hooks$/);
  expect(found.filter(({ level }) => level === "ok").map(({ check }) => check)).toEqual(
    expect.arrayContaining(["home", "prices", "sources"]),
  );
});
