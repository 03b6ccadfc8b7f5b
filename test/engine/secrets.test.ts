/** Keys are stored for their owner alone, shown hardly at all, and replaced only when the provider takes the new one. */
import { spawnSync } from "node:child_process";
import { chmodSync, lstatSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { sandbox, type Sandbox } from "../helpers/sandbox.ts";
import { provider } from "./provider.ts";
import { runBoba, writeProfiles, writeSecrets } from "./run-boba.ts";

const OLD = "sk-SENTINEL-old-0123456789-aaaa";
const NEW = "sk-SENTINEL-new-0123456789-bbbb";
const file = (box: Sandbox) => join(box.bobaHome, "secrets.yaml");
const stored = (box: Sandbox): string => readFileSync(file(box), "utf8");

it("takes a key from a pipe, keeps it for its owner, shows four letters, and takes it away again", () => {
  const box = sandbox();
  const set = (name: string, input: string, code = 0) => box.boba(["secrets", "set", name], { input, expect: code });
  expect(set("anthropic", `${OLD}\nsecond line\n`).stdout).toBe("anthropic is stored (file)\n");
  expect(statSync(file(box)).mode & 0o777).toBe(0o600);
  expect(stored(box)).toContain(OLD);
  expect(stored(box)).not.toContain("second line");
  set("short", "hunter2");
  expect(set("../x", OLD, 2).stderr).toContain("[BOBA-SEC-2]");
  expect(set("empty", "\n", 2).stderr).toContain("[BOBA-SEC-3]");
  expect(box.boba(["secrets", "set", "twice", OLD], { expect: 2 }).stdout).toBe("");
  writeProfiles(box, {
    work: { provider: "anthropic", model: "m" },
    other: { provider: "openai", headers: { "x-api-key": "secret://lost" } },
  });
  const list = box.json(["secrets", "list"], { env: { BOBA_SECRET_SHORT: OLD } });
  expect(list).toEqual({
    schema: "boba.secrets/1",
    secrets: [
      { name: "anthropic", origin: "file", masked: "…aaaa", used_by: ["work"] },
      { name: "lost", origin: null, masked: null, used_by: ["other"] },
      { name: "short", origin: "environment", masked: "…aaaa", used_by: [] },
    ],
  });
  for (const bad of [`${OLD}\n`, `${OLD}\u2019`]) {
    const told = box.boba(["secrets", "list"], { env: { BOBA_SECRET_SHORT: bad }, expect: 2 }).stderr;
    expect(told).toContain("BOBA_SECRET_SHORT cannot be sent [BOBA-SEC-3]");
    expect(told).not.toContain("SENTINEL");
  }
  expect(box.boba(["secrets"]).stdout).toBe(
    "anthropic  file, …aaaa; used by work\nlost       missing; used by other\nshort      file, ****; used by no profile\n",
  );
  expect(box.boba(["secrets", "check"], { expect: 1 }).stdout).toContain("missing");
  expect(box.boba(["secrets", "remove", "anthropic"]).stdout).toBe("anthropic is removed (file)\n");
  expect(stored(box)).not.toContain(OLD);
  expect(box.boba(["secrets", "remove", "anthropic"], { expect: 2 }).stderr).toContain("[BOBA-SEC-1]");
});

it("rotates once every profile's provider has taken the new key, and keeps the old one otherwise", async () => {
  const box = sandbox();
  const [server, deaf] = [await provider(), await provider()];
  server.keys = new Set([OLD]);
  writeSecrets(box, { main: OLD });
  const use = (name: string, url: string) => ({
    provider: name,
    endpoint: url,
    model: "m",
    headers: { "x-goog-api-key": "secret://main" },
  });
  writeProfiles(box, {
    a: { ...use("anthropic", server.url), headers: { "x-api-key": "secret://main" } },
    g: use("google", server.url),
    o: { ...use("openai", `${server.url}/v1`), headers: {}, env: { OPENAI_API_KEY: "secret://main" } },
  });
  const rotate = (...more: string[]) => runBoba(box, ["secrets", "rotate", "main", ...more], { input: `${NEW}\n` });
  const refused = await rotate();
  expect(refused).toMatchObject({ code: 4, stdout: "" });
  expect(refused.stderr).toContain("the new key is refused, the old one stays");
  expect(refused.stderr).not.toContain("SENTINEL");
  expect(stored(box)).toContain(OLD);
  server.keys = new Set([NEW]);
  expect(await rotate()).toEqual({ code: 0, stdout: "main is replaced (file); taken by a, g, o\n", stderr: "" });
  expect(stored(box)).toContain(NEW);
  expect(stored(box)).not.toContain(OLD);
  const asked = server.requests.slice(-3);
  expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
    "GET /v1/models?limit=1",
    "GET /v1beta/models?pageSize=1",
    "GET /v1/models",
  ]);
  expect(asked.map(({ headers }) => headers["x-api-key"] ?? headers["x-goog-api-key"] ?? headers.authorization)).toEqual([
    NEW,
    NEW,
    `Bearer ${NEW}`,
  ]);
  const check = await runBoba(box, ["secrets", "check", "--network"]);
  expect(check).toMatchObject({ code: 0, stderr: "" });
  expect(check.stdout.match(/accepted/g)).toHaveLength(3);
  writeProfiles(box, { gone: { ...use("google", deaf.url), endpoint: "http://127.0.0.1:9" } });
  const unreachable = await runBoba(box, ["secrets", "rotate", "main"], { input: OLD });
  expect(unreachable.stderr).toContain("cannot be tried, the old one stays");
  expect(stored(box)).toContain(NEW);
  expect((await rotate("--no-check")).stdout).toContain("it was not tried");
  const hidden = await runBoba(box, ["secrets", "rotate", "main"], { input: OLD, env: { BOBA_SECRET_MAIN: OLD } });
  expect(hidden.stderr).toContain("change BOBA_SECRET_MAIN where it is set");
});

it("keeps them in an age file that a key opens, and gives them back without losing others", async () => {
  const box = sandbox();
  writeSecrets(box, { main: OLD });
  const before = stored(box);
  const identity = await generateIdentity();
  const recipient = await identityToRecipient(identity);
  writeFileSync(join(box.dir, "key.txt"), `# a key\n${identity}\n`);
  writeFileSync(join(box.dir, "other.txt"), `${await generateIdentity()}\n`);
  const backup = (...how: string[]) => box.boba(["secrets", "backup", "--to", "a.age", ...how], { expect: null });
  expect(backup("--encrypt-to", recipient).stdout).toContain("1 secret kept in");
  expect(backup("--encrypt-to", recipient).stderr).toContain("is there already [BOBA-SEC-11]");
  expect(backup().stderr).toContain("[BOBA-SEC-15]");
  expect(statSync(join(box.dir, "a.age")).mode & 0o777).toBe(0o600);
  expect(readFileSync(join(box.dir, "a.age"), "latin1")).toMatch(/^age-encryption\.org\/v1\n/);
  const restore = (...more: string[]) => box.boba(["secrets", "restore", "a.age", ...more], { expect: null });
  writeSecrets(box, { main: NEW, other: NEW });
  expect(restore("--identity", "other.txt").stderr).toContain("[BOBA-SEC-13]");
  const endless = box.boba(["secrets", "restore", "/dev/zero", "--identity", "key.txt"], { expect: 2 });
  expect(endless.stderr).toContain("/dev/zero is no backup of secrets: it is too large [BOBA-SEC-12]");
  expect(restore("--identity", "key.txt").stderr).toContain(
    "2 of the secrets you have are other ones, or not in it: main, other [BOBA-SEC-14]",
  );
  renameSync(file(box), join(box.dir, "kept.yaml"));
  symlinkSync(join(box.dir, "kept.yaml"), file(box));
  expect(restore("--identity", "key.txt", "--force").status).toBe(0);
  expect(stored(box)).toBe(before);
  expect(lstatSync(file(box)).isSymbolicLink()).toBe(true);
  expect(statSync(file(box)).mode & 0o777).toBe(0o600);
});

it("keeps them behind a passphrase", () => {
  const box = sandbox();
  writeSecrets(box, { main: OLD });
  const before = stored(box);
  const at = (...args: string[]) => box.boba(["secrets", ...args], { input: "correct horse\n", expect: null });
  expect(at("backup", "--to", "b.age", "--passphrase").status).toBe(0);
  writeSecrets(box, {});
  expect(at("restore", "b.age").stdout).toContain("1 secret put back");
  expect(stored(box)).toBe(before);
}, 240_000);

it("uses the system's keyring when asked to: the key goes through its input, and the file holds none", () => {
  const box = sandbox();
  const bin = join(box.dir, "bin");
  mkdirSync(bin);
  mkdirSync(join(box.dir, "ring"));
  mkdirSync(box.bobaHome, { recursive: true });
  // What `secret-tool` and `security` have in common, as far as a file each can stand for a keyring.
  writeFileSync(
    join(bin, "secret-tool"),
    `#!/bin/sh
{ echo "$@"; env; } >> "${box.dir}/seen"
for last; do :; done
case $1 in
  store) cat > "${box.dir}/ring/$last" ;;
  lookup) cat "${box.dir}/ring/$last" 2>/dev/null || exit 1 ;;
  clear) rm "${box.dir}/ring/$last" ;;
esac
`,
  );
  chmodSync(join(bin, "secret-tool"), 0o755);
  writeFileSync(join(box.bobaHome, "settings.yaml"), "secrets:\n  keyring: true\n");
  writeFileSync(
    join(bin, "security"),
    `#!/bin/sh
{ echo "$@"; env; } >> "${box.dir}/seen"
case $1 in
  -i) read -r line; hex=\${line##* -X }; node -e 'process.stdout.write(Buffer.from(process.argv[1], "hex"))' "$hex" > "${box.dir}/ring/main" ;;
  find-generic-password) cat "${box.dir}/ring/main" 2>/dev/null || exit 44 ;;
  delete-generic-password) rm "${box.dir}/ring/main" ;;
esac
`,
  );
  chmodSync(join(bin, "security"), 0o755);
  const env = { PATH: `${bin}:${box.env["PATH"]}`, BOBA_SECRET_OTHER: "sk-other" };
  expect(box.boba(["secrets", "set", "main"], { input: OLD, env }).stdout).toBe("main is stored (keyring)\n");
  expect(readdirSync(join(box.dir, "ring")).map((name) => readFileSync(join(box.dir, "ring", name), "utf8"))).toEqual([OLD]);
  writeProfiles(box, { work: { provider: "anthropic", model: "m", headers: { "x-api-key": "secret://main" } } });
  expect(box.boba(["secrets"], { env }).stdout).toBe("main  keyring, …aaaa; used by work\n");
  expect(box.boba(["secrets", "remove", "main"], { env }).stdout).toBe("main is removed (keyring)\n");
  const seen = readFileSync(join(box.dir, "seen"), "utf8");
  expect(seen).toContain("PATH=");
  expect(seen).not.toMatch(/SENTINEL|BOBA_SECRET_/);
  // Without the program: the file.
  const bare = { PATH: `${join(process.execPath, "..")}:/usr/bin:/bin` };
  if (spawnSync("secret-tool", ["--version"], { env: bare }).error !== undefined)
    expect(box.boba(["secrets", "set", "main"], { input: OLD, env: bare }).stdout).toBe("main is stored (file)\n");
});
