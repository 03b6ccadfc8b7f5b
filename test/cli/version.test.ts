/** `boba version --check` against a server of this machine; no test asks the network. */
import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { expect, test } from "vitest";
import { VERSION } from "../../src/core/version.ts";
import { bobaAsync, deadUrl, priceServer } from "../helpers/price-server.ts";
import { type Sandbox, sandbox } from "../helpers/sandbox.ts";

function ask(url: string): Sandbox {
  const box = sandbox();
  mkdirSync(box.bobaHome, { recursive: true });
  writeFileSync(join(box.bobaHome, "settings.yaml"), `updates: { url: "${url}" }\n`);
  return box;
}

test("asks only when told to, and says whether there is a newer one", async () => {
  let answer = { status: 200, body: '{"name":"bobamixer","version":"99.1.0"}' };
  const server = await priceServer((_, response) => response.writeHead(answer.status).end(answer.body));
  const box = ask(server.url);
  const run = (...args: string[]) => bobaAsync(box, ["version", ...args]);
  expect(await run()).toEqual({ status: 0, stdout: `boba ${VERSION}\n`, stderr: "" });
  expect(JSON.parse((await run("--format", "json")).stdout)).toEqual({ schema: "boba.version/1", version: VERSION });
  expect(server.requests).toHaveLength(0);
  expect(await run("--check")).toEqual({ status: 0, stdout: `boba ${VERSION}\n99.1.0 is out: npm i -g bobamixer\n`, stderr: "" });
  expect(Object.keys(server.requests[0]?.headers ?? {})).not.toContain("cookie");
  expect(server.requests[0]?.headers["user-agent"]).toBe(`bobamixer/${VERSION}`);
  answer = { status: 200, body: JSON.stringify({ version: VERSION }) };
  expect((await run("--check")).stdout).toBe(`boba ${VERSION}\nnothing newer is out\n`);
  answer = { status: 404, body: "{}" };
  expect(JSON.parse((await run("--check", "--format", "json")).stdout)).toEqual({
    schema: "boba.version/1",
    version: VERSION,
    check: { state: "unknown", latest: null, url: server.url },
  });
});

test("no answer is told with exit status 4; an address that may not be asked is not", async () => {
  const gone = await bobaAsync(ask(await deadUrl()), ["version", "--check"]);
  expect(gone).toEqual({
    status: 4,
    stdout: "",
    stderr: `boba: the newest version is not known: no connection (ECONNREFUSED) [BOBA-NET-13]\n  this is ${VERSION}; try again later\n`,
  });
  const silent = await priceServer(() => undefined);
  const late = await bobaAsync(ask(silent.url), ["version", "--check"]);
  expect([late.status, late.stderr]).toEqual([4, expect.stringContaining("no answer within 2 s [BOBA-NET-13]")]);
  const plain = ask("http://registry.example/latest").boba(["version", "--check"], { expect: 2 });
  expect(plain.stderr).toContain("[BOBA-NET-14]");
});

test("asks npm, which knows its registry, where settings name no address", () => {
  const box = sandbox();
  const npm = (script: string) => {
    box.write(box.dir, "bin/npm", `#!/bin/sh\n${script}\n`);
    chmodSync(join(box.dir, "bin/npm"), 0o755);
    const env = { PATH: `${join(box.dir, "bin")}${delimiter}${box.env["PATH"]}`, BOBA_SECRET_KEY: "x" };
    return box.boba(["version", "--check"], { env, expect: null });
  };
  expect(npm('[ "$*" = "view bobamixer version --json" ] && echo \'"99.1.0"\'').stdout).toContain("99.1.0 is out");
  expect(npm(`echo '"${VERSION}"'`).stdout).toContain("nothing newer is out");
  // It obeys the .npmrc of the folder it is started in, and would put the user's keys into an address that is named there.
  expect(npm('[ "$PWD ${BOBA_SECRET_KEY:-none}" = "$HOME none" ] && echo \'"99.1.0"\'').stdout).toContain("99.1.0 is out");
  const unknown = npm("echo 'npm error code E404' >&2; exit 1");
  expect([unknown.status, unknown.stderr]).toEqual([0, ""]);
  const failed = npm("echo 'npm error code ENOTFOUND SENTINEL' >&2; exit 1");
  expect([failed.status, failed.stderr]).toEqual([4, expect.stringContaining("npm got no answer [BOBA-NET-13]")]);
});
