/** A price server on this machine, and a small catalogue for it to serve. */
import { execFile } from "node:child_process";
import { createServer, type IncomingMessage, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { BOBA, type Sandbox } from "./sandbox.ts";

export interface PriceServer {
  url: string;
  requests: IncomingMessage[];
}

/** Listens on the loopback address until the test ends. */
export async function priceServer(answer: RequestListener): Promise<PriceServer> {
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    requests.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/data.json`, requests };
}

/** An address of this machine that nobody listens at. */
export async function deadUrl(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/data.json`;
}

/** Runs the program while this process goes on answering. */
export function bobaAsync(box: Sandbox, args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BOBA, ...args], { env: box.env, cwd: box.dir }, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** Two makers with a model each, in the shape of genai-prices: claude-test-1 at `input` and 10 $, gpt-test-1 at 1 and 2 $ a million. */
export function smallCatalogue(input = 2) {
  const model = (id: string, prices: unknown) => ({ id, name: id, match: { equals: id }, prices });
  return [
    {
      id: "anthropic",
      name: "Anthropic",
      api_pattern: "https://api\\.anthropic\\.com",
      models: [
        model("claude-test-1", { input_mtok: input, output_mtok: 10, cache_read_mtok: 0.2, cache_write_mtok: 2.5, cache_write_1h_mtok: 4 }),
      ],
    },
    { id: "openai", name: "OpenAI", api_pattern: "x", models: [model("gpt-test-1", { input_mtok: 1, output_mtok: 2 })] },
  ];
}
