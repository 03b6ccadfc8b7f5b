/** `boba init`: complete, closed to others, and never over anything that is there. */
import { spawnSync } from "node:child_process";
import { existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadPricing } from "../../src/config/pricing.ts";
import { DEFAULT_SETTINGS, loadSettings } from "../../src/config/settings.ts";
import { loadSecrets } from "../../src/config/secrets.ts";
import { looksLikeKey } from "../../src/core/literal-key.ts";
import { resolvePaths } from "../../src/platform/paths.ts";
import { BOBA, PROJECT, sandbox } from "../helpers/sandbox.ts";

const FOLDERS = [".", "logs", "backups", "git-hooks"];
const FILES = ["profiles.yaml", "routes.yaml", "pricing.yaml", "settings.yaml", "secrets.yaml.example"];
const mode = (path: string): string => (statSync(path).mode & 0o7777).toString(8);

describe("boba init", () => {
  it.each(["000", "022", "077"])("makes folders 700, files 644 and secrets 600 whatever the umask (%s)", (umask) => {
    const box = sandbox();
    const run = spawnSync("sh", ["-c", `umask ${umask}; exec "$0" "$@"`, process.execPath, BOBA, "init"], {
      env: box.env,
      encoding: "utf8",
    });
    expect(run.stderr).toBe("");
    expect(FOLDERS.map((name) => mode(join(box.bobaHome, name)))).toEqual(FOLDERS.map(() => "700"));
    expect(FILES.map((name) => mode(join(box.bobaHome, name)))).toEqual(FILES.map(() => "644"));
    expect(mode(join(box.bobaHome, "secrets.yaml"))).toBe("600");
  });

  it("says what it made, and the second time that everything is in place", () => {
    const box = sandbox();
    const first = box.json(["init"]);
    expect(first).toMatchObject({ schema: "boba.init/1", home: box.bobaHome, kept: [] });
    expect(new Set(first.made)).toEqual(new Set([...FOLDERS, ...FILES, "secrets.yaml", "schemas"]));
    const second = box.json(["init"]);
    expect(second.made).toEqual([]);
    expect(new Set(second.kept)).toEqual(new Set(first.made));
    expect(box.boba(["init"]).stdout).toContain(`everything is in place in ${box.bobaHome}\n`);
  });

  it("makes an example of secrets to give away, and the guide's copy of it is accepted", async () => {
    const box = sandbox();
    box.boba(["init"]);
    const run = (script: string) => spawnSync("sh", ["-ec", script], { env: box.env, encoding: "utf8" });
    // The operations guide, "Shared Configuration", after taking the # away from what is in it.
    const guide = run(
      "cp ~/.boba/secrets.yaml.example ~/.boba/secrets.yaml\nchmod 600 ~/.boba/secrets.yaml\nsed -i '/^$/,$s/^# //' ~/.boba/secrets.yaml",
    );
    expect([guide.status, guide.stderr]).toEqual([0, ""]);
    expect(mode(join(box.bobaHome, "secrets.yaml"))).toBe("600");
    const secrets = await loadSecrets(resolvePaths(box.env));
    expect([...secrets.keys()]).toEqual(["anthropic_key", "openai_key"]);
    // No key in what is given away.
    expect([...secrets.values()].filter(looksLikeKey)).toEqual([]);
  });

  it("leaves files, links and links to nothing as they are", () => {
    const box = sandbox();
    const team = join(box.dir, "team.yaml");
    const nowhere = join(box.dir, "nowhere.yaml");
    mkdirSync(box.bobaHome, { mode: 0o755 });
    writeFileSync(team, "# shared\n");
    writeFileSync(join(box.bobaHome, "secrets.yaml"), "mine: 1\n", { mode: 0o644 });
    symlinkSync(team, join(box.bobaHome, "profiles.yaml"));
    symlinkSync(nowhere, join(box.bobaHome, "routes.yaml"));
    const { made, kept } = box.json(["init"]);
    expect(kept).toEqual([".", "profiles.yaml", "routes.yaml", "secrets.yaml"]);
    expect(made).not.toEqual(expect.arrayContaining(["profiles.yaml"]));
    expect(readFileSync(team, "utf8")).toBe("# shared\n");
    expect(lstatSync(join(box.bobaHome, "profiles.yaml")).isSymbolicLink()).toBe(true);
    expect(existsSync(nowhere)).toBe(false);
    expect(readlinkSync(join(box.bobaHome, "routes.yaml"))).toBe(nowhere);
    expect(readFileSync(join(box.bobaHome, "secrets.yaml"), "utf8")).toBe("mine: 1\n");
    expect([mode(box.bobaHome), mode(join(box.bobaHome, "secrets.yaml"))]).toEqual(["755", "644"]);
  });

  it("works where ~/.boba is itself a link to a folder", () => {
    const box = sandbox();
    mkdirSync(join(box.dir, "elsewhere"));
    symlinkSync(join(box.dir, "elsewhere"), box.bobaHome);
    box.boba(["init"]);
    expect(existsSync(join(box.dir, "elsewhere", "settings.yaml"))).toBe(true);
    expect(lstatSync(box.bobaHome).isSymbolicLink()).toBe(true);
  });

  it("says what to do when ~/.boba cannot be a folder", () => {
    const box = sandbox();
    writeFileSync(box.bobaHome, "a file\n");
    const run = box.boba(["init"], { expect: 5 });
    expect(run.stderr).toContain("[BOBA-FS-1]");
    expect(run.stderr).toContain("BOBA_HOME");
    expect(readFileSync(box.bobaHome, "utf8")).toBe("a file\n");
  });
});

describe("the templates", () => {
  /** A template as it is once every key has lost its #. */
  function uncommented(name: string): string {
    const [, ...keys] = readFileSync(join(PROJECT, "templates", "config", name), "utf8").split(/\n\n/);
    return keys.join("\n").replaceAll(/^# ?/gm, "");
  }

  it("hold keys that the program accepts, with the values they say are the defaults", async () => {
    const box = sandbox();
    box.write(box.bobaHome, "settings.yaml", uncommented("settings.yaml"));
    box.write(box.bobaHome, "pricing.yaml", uncommented("pricing.yaml"));
    const paths = resolvePaths(box.env);
    const settings = await loadSettings(paths);
    expect(settings).toEqual({
      ...DEFAULT_SETTINGS,
      hooks: { mode: "background" },
      tickets: { pattern: "[A-Z][A-Z0-9]+-[0-9]+" },
      pricing: { url: null },
      maintenance: { prune_older_than: null, archive: null, textfile: null },
      updates: { url: null },
      sources: { "claude-code": { enabled: true, paths: [] } },
    });
    expect(await loadPricing(paths)).toMatchObject([
      { model: "claude-sonnet-4-5-20250929", isPrefix: false, inputPerMtok: 3, outputPerMtok: 15, cacheWrite1hPerMtok: 6 },
      { model: "my-company-", isPrefix: true, fromMs: 0, inputPerMtok: 1, outputPerMtok: 2 },
      { model: "my-company-", isPrefix: true, fromMs: Date.UTC(2026, 6, 1), inputPerMtok: 0.8, outputPerMtok: 1.6 },
    ]);
  });
});
