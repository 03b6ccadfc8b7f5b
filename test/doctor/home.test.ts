/** Faults of configuration, permissions, the log and the environment, each planted for real. */
import { chmodSync, mkdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkAndMend, checkUp } from "../../src/flow/doctor.ts";
import { CATALOGUE_DATE } from "../../src/core/catalogue.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { examine, type Fault, patient, wrong } from "./patient.ts";

const FAULTS: readonly Fault[] = [
  {
    fault: "settings.yaml is no YAML",
    plant: ({ app }) => writeFileSync(app.paths.settings, "hooks:\n  mode: [lazy\n"),
    level: "error",
    check: "settings",
    what: /\/settings\.yaml:\d+:\d+: not valid YAML: /,
    mend: /^correct the file \(.*settings\.yaml\)/,
  },
  {
    fault: "a value in settings.yaml that is none",
    plant: ({ app }) => writeFileSync(app.paths.settings, "hooks:\n  mode: loud\n"),
    level: "error",
    check: "settings",
    what: /\/settings\.yaml:2:3: hooks\.mode: expected one of background, lazy, summary$/,
    mend: /^correct the file/,
  },
  {
    fault: "a price below nothing",
    plant: ({ app }) => writeFileSync(app.paths.pricing, "models:\n  m-1:\n    input_per_mtok: -1\n    output_per_mtok: 2\n"),
    level: "error",
    check: "pricing",
    what: /\/pricing\.yaml:3:5: models\.m-1\.input_per_mtok: a price is 0 or more$/,
    mend: /^correct the file/,
  },
  {
    fault: "a project file whose name is none",
    plant: ({ box, repo }) => {
      box.write(repo, ".boba-project.yaml", "project:\n  name: 7\n");
      return { cwd: repo };
    },
    level: "warn",
    check: "project",
    what: /\.boba-project\.yaml:2:3: project\.name: expected text; put it in quotes/,
    mend: /^correct the file/,
  },
  {
    fault: "a configuration file that is a link to nothing",
    plant: ({ app, box }) => {
      rmSync(app.paths.routes);
      symlinkSync(join(box.dir, "team", "routes.yaml"), app.paths.routes);
    },
    level: "warn",
    check: "links",
    what: /\/routes\.yaml is a link to nothing$/,
    mend: /^rm \S+\/routes\.yaml && boba init$/,
  },
  {
    fault: "keys that others may read",
    plant: ({ app }) => chmodSync(app.paths.secrets, 0o644),
    level: "error",
    check: "permissions",
    what: /\/secrets\.yaml is open to other accounts \(644\)$/,
    mend: /^chmod 600 \S+\/secrets\.yaml$/,
    fix: /^takes the rights of others away \(chmod 600\)$/,
  },
  {
    fault: "a home that others may look into",
    plant: ({ app }) => chmodSync(app.paths.home, 0o755),
    level: "warn",
    check: "permissions",
    what: /\/\.boba is open to other accounts \(755\)$/,
    mend: /^chmod 700 \S+\/\.boba$/,
    fix: /^takes the rights of others away \(chmod 700\)$/,
  },
  {
    fault: "a ledger that others may read",
    plant: ({ app }) => chmodSync(app.paths.db, 0o644),
    level: "warn",
    check: "permissions",
    what: /\/usage\.db is open to other accounts \(644\)$/,
    mend: /^chmod 600 /,
    fix: /^takes the rights of others away \(chmod 600\)$/,
  },
  {
    fault: "a folder of logs that all may write",
    plant: ({ app }) => chmodSync(app.paths.logDir, 0o777),
    level: "warn",
    check: "permissions",
    what: /\/logs is open to other accounts \(777\)$/,
    mend: /^chmod 700 /,
    fix: /^takes the rights of others away \(chmod 700\)$/,
  },
  {
    fault: "a log that cannot be written",
    plant: ({ app }) => {
      rmSync(app.paths.log, { force: true });
      mkdirSync(app.paths.log);
    },
    level: "warn",
    check: "log",
    what: /\/boba\.log cannot be written: it is no file$/,
    mend: /^move it away: mv /,
  },
  {
    fault: "a log level that is none",
    plant: ({ app }) => ({ env: { ...app.env, BOBA_LOG_LEVEL: "loud" } }),
    level: "warn",
    check: "environment",
    what: /^BOBA_LOG_LEVEL is "loud", which is no level$/,
    mend: /^export BOBA_LOG_LEVEL=info/,
  },
  {
    fault: "a variable that leads to an empty ledger",
    plant: async ({ app, box }) => {
      const env = { ...app.env, BOBA_DB_PATH: join(box.dir, "elsewhere", "usage.db") };
      return { env, paths: resolvePaths(env) };
    },
    level: "warn",
    check: "environment",
    what: /^BOBA_DB_PATH leads to \S+\/elsewhere\/usage\.db, which is empty, while there is a ledger at \S+\/\.boba\/usage\.db$/,
    mend: /^unset BOBA_DB_PATH, or bring the ledger along: boba restore /,
  },
  {
    fault: "a clock that is set to before this program was made",
    plant: () => ({ now: () => Date.parse(CATALOGUE_DATE) - 86_400_000 }),
    level: "error",
    check: "clock",
    what: /^this machine's clock says 2\S+, which is before this boba was made/,
    mend: /^set the clock/,
  },
];

test.each(FAULTS)("$fault", examine);

test("a healthy set-up has nothing wrong, inside its repository and outside", async () => {
  const { app, repo } = await patient();
  expect(wrong(await checkUp(app))).toEqual([]);
  expect(wrong(await checkUp({ ...app, cwd: repo }, { verbose: true }))).toEqual([]);
  expect(await checkAndMend(app, {})).toMatchObject({ fixes: [] });
});

test("what a link leads to outside boba's folder is left to its owner", async () => {
  const { app, box } = await patient();
  const team = join(box.dir, "team.yaml");
  writeFileSync(team, "");
  chmodSync(team, 0o644);
  rmSync(app.paths.secrets);
  symlinkSync(team, app.paths.secrets);
  const { findings, fixes } = await checkAndMend(app, {});
  expect(fixes).toMatchObject([{ check: "permissions", mended: false, told: expect.stringContaining("outside boba's own folder") }]);
  expect(wrong(findings)).toMatchObject([{ level: "error", check: "permissions" }]);
  expect(statSync(team).mode & 0o777).toBe(0o644);
});

test("what is missing is made, and told once", async () => {
  const { app } = await patient();
  rmSync(app.paths.backups, { recursive: true });
  rmSync(app.paths.settings);
  const made = (await checkUp(app)).find(({ check }) => check === "home");
  expect(made).toMatchObject({ level: "ok", what: expect.stringMatching(/, made now: backups, settings\.yaml$/) });
  expect((await checkUp(app)).find(({ check }) => check === "home")?.what).toBe(app.paths.home);
});
