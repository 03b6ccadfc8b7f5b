/** Providers that answer strangely, and keys that are none of their business. */
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { sandbox } from "../helpers/sandbox.ts";
import { runBoba, writeProfiles, writeSecrets } from "./run-boba.ts";

const OWN = `own-SENTINEL-${"abcdefghij0123456789".repeat(4)}`;
const OTHER = "other-SENTINEL-0123456789";

async function serve(answer: RequestListener): Promise<string> {
  const server: Server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
}

const box = () => {
  const made = sandbox();
  writeSecrets(made, { own: OWN, other: OTHER });
  return made;
};

it("gets the key of its own variable, whatever stands before it, and no other", async () => {
  const got: (string | undefined)[] = [];
  const endpoint = await serve((request, response) => {
    got.push(request.headers.authorization);
    response.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}');
  });
  const home = box();
  const env = { TAVILY_API_KEY: "secret://other", ACME_API_KEY: "secret://own" };
  writeProfiles(home, { acme: { provider: "acme", endpoint, model: "m", env } });
  await runBoba(home, ["secrets", "check", "--network"], { cwd: home.home });
  expect(got).toEqual([`Bearer ${OWN}`]);
});

it("is not asked about a secret that it is not sent, so nobody replaces one by another's answer", async () => {
  const endpoint = await serve((_, response) => response.writeHead(200, { "content-type": "application/json" }).end('{"data":[]}'));
  const home = box();
  writeProfiles(home, {
    acme: {
      provider: "acme",
      endpoint,
      model: "m",
      headers: { authorization: "Bearer secret://own" },
      env: { OTHER_TOKEN: "secret://other" },
    },
  });
  const checked = JSON.parse((await runBoba(home, ["secrets", "check", "--network", "--format", "json"], { cwd: home.home })).stdout);
  expect(checked.secrets.map(({ name, asked }: any) => [name, asked.length]).toSorted()).toEqual([
    ["other", 0],
    ["own", 1],
  ]);
  const rotated = home.boba(["secrets", "rotate", "other"], { input: "another-SENTINEL-key\n", expect: 2 });
  expect(rotated.stderr).toContain('no profile sends "other" to its provider');
});

it.each(["constructor", "__proto__", "toString"])("names an encoding %s, and what it says is read as it is", async (encoding) => {
  const endpoint = await serve((_, response) => response.writeHead(500, { "content-encoding": encoding }).end("{}"));
  const home = box();
  writeProfiles(home, { acme: { provider: "acme", endpoint, model: "m", headers: { authorization: "Bearer secret://own" } } });
  const { code, stderr } = await runBoba(home, ["call", "--profile", "acme", "hello"], { cwd: home.home });
  expect([code, /answered 500 .*BOBA-NET-23/.test(stderr)]).toEqual([4, true]);
});

it("repeats a long key twice, and no part of it is shown", async () => {
  const message = `bad key ${OWN}; ${"x".repeat(150)} ${OWN}`;
  const endpoint = await serve((_, response) => response.writeHead(401).end(JSON.stringify({ error: { message, type: "auth" } })));
  const home = box();
  writeProfiles(home, { acme: { provider: "acme", endpoint, model: "m", headers: { authorization: "Bearer secret://own" } } });
  const { code, stdout, stderr } = await runBoba(home, ["call", "--profile", "acme", "hello"], { cwd: home.home });
  expect(code).toBe(4);
  expect(stdout + stderr).not.toMatch(/SENTINEL|abcdefghij/);
  expect(stderr).toContain("[secret]");
});

it("is called constructor, and so is a program", async () => {
  const home = box();
  writeProfiles(home, { odd: { provider: "constructor", model: "m" } });
  expect((await runBoba(home, ["call", "--profile", "odd", "hello"], { cwd: home.home })).stderr).toContain("has no endpoint");
  const run = await runBoba(home, ["run", "constructor"], { cwd: home.home });
  expect(run.stderr).not.toContain("internal error");
});
