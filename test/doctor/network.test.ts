/** What doctor asks of the network, and that it asks nothing without being told to. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkAndMend, checkUp } from "../../src/flow/doctor.ts";
import { installHooks } from "../../src/flow/hooks-install.ts";
import { deadUrl, priceServer, smallCatalogue } from "../helpers/price-server.ts";
import { examine, type Fault, type Patient, patient, wrong } from "./patient.ts";

const network = { network: true };

const setUrl = ({ app }: Patient, url: string) => writeFileSync(app.paths.settings, `pricing:\n  url: ${url}\n`);

/** Has the repository share its notes with the remote at `path`. */
async function shares({ app, repo, box }: Patient, path: string): Promise<void> {
  box.git(repo, "remote", "add", "origin", path);
  await installHooks({ ...app, cwd: repo }, { global: false, mode: null, share: true, force: true });
}

const FAULTS: readonly Fault[] = [
  {
    fault: "a price catalogue that does not answer",
    plant: async (sick) => setUrl(sick, await deadUrl()),
    options: network,
    level: "warn",
    check: "network",
    what: /^the price catalogue does not answer: no connection \(ECONNREFUSED\)$/,
    mend: /^try it: curl -I http:\/\/127\.0\.0\.1:\d+\/data\.json/,
  },
  {
    fault: "an address that says there is nothing",
    plant: async (sick) => setUrl(sick, (await priceServer((_, response) => response.writeHead(404).end("nothing here"))).url),
    options: network,
    level: "warn",
    check: "network",
    what: /^the price catalogue does not answer: the server answered 404$/,
    mend: /pricing\.url/,
  },
  {
    fault: "a remote of shared notes that is gone",
    plant: async (sick) => {
      setUrl(sick, (await priceServer((_, response) => response.end("[]"))).url);
      await shares(sick, join(sick.box.dir, "gone.git"));
    },
    options: network,
    level: "warn",
    check: "network",
    what: /^origin of \S+\/repo\/\.git does not answer: fatal: /,
    mend: /^git -C \S+\/repo\/\.git ls-remote origin$/,
  },
  {
    fault: "a price cache that is damaged, without the network",
    plant: ({ app }) => writeFileSync(app.paths.pricingCache, '{"schema": "boba.price-ca'),
    level: "warn",
    check: "prices",
    what: /\/pricing\.cache\.json is left aside: it is not JSON$/,
    mend: /^boba pricing update$/,
  },
  {
    fault: "a price cache that is damaged, with the network",
    plant: async (sick) => {
      writeFileSync(sick.app.paths.pricingCache, "{}");
      setUrl(sick, (await priceServer((_, response) => response.end(JSON.stringify(smallCatalogue())))).url);
    },
    options: network,
    level: "warn",
    check: "prices",
    what: /\/pricing\.cache\.json is left aside: it was not written by this version of boba$/,
    mend: /^boba pricing update$/,
    fix: /^fetches the newest prices$/,
  },
];

test.each(FAULTS)("$fault", examine);

test("what answers is told; without --network nothing is asked, --fix or not", async () => {
  const sick = await patient();
  const server = await priceServer((_, response) => response.end(JSON.stringify(smallCatalogue())));
  setUrl(sick, server.url);
  const remote = join(sick.box.dir, "remote.git");
  sick.box.git(sick.box.dir, "init", "-q", "--bare", remote);
  await shares(sick, remote);
  // The other side leaves a mark when it is asked.
  const used = join(sick.box.dir, "used");
  const asked = join(sick.box.dir, "asked.sh");
  writeFileSync(asked, `#!/bin/sh\n: > '${used}'\nexec git-upload-pack "$@"\n`, { mode: 0o755 });
  sick.box.git(sick.repo, "config", "remote.origin.uploadpack", asked);
  const { app } = sick;
  expect(wrong(await checkUp(app))).toEqual([]);
  await checkAndMend(app, {});
  expect([server.requests.length, existsSync(used)]).toEqual([0, false]);
  const found = await checkUp(app, network);
  expect(wrong(found)).toEqual([]);
  expect(found.filter(({ check }) => check === "network").map(({ what }) => what)).toEqual([
    expect.stringMatching(/^the price catalogue answers \(127\.0\.0\.1:\d+\)$/),
    `origin of ${join(sick.repo, ".git")} answers`,
  ]);
  expect([server.requests.length, existsSync(used)]).toEqual([1, true]);
});
