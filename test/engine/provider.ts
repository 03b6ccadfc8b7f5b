/**
 * A provider on this machine that speaks all four protocols. The model's name says how it behaves: `cut` breaks off, `halt` says no more,
 * `mid` ends with an error event, `429` refuses, `503` breaks off as it does, `split` sends three bytes at a time, `crlf` ends lines so, `html` answers with a page.
 * Usage is always: 1000 in, of which 200 from a cache; 30 out, of which 4 thinking.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Provider {
  url: string;
  requests: { method: string; path: string; headers: IncomingMessage["headers"]; body: any }[];
  /** Replies that the client ended before their end. */
  aborted: number;
  /** Keys that are accepted; null: all. */
  keys: Set<string> | null;
}

export const TEXT = "née 🙂 ";
const PIECES = 6;

export async function provider(): Promise<Provider> {
  const self: Provider = { url: "", requests: [], aborted: 0, keys: null };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString("utf8");
      const body = text === "" ? {} : JSON.parse(text);
      const path = request.url ?? "";
      self.requests.push({ method: request.method ?? "", path, headers: request.headers, body });
      response.on("close", () => void (response.writableFinished || self.aborted++));
      answer(self, request, response, path, body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  self.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return self;
}

function answer(self: Provider, { method, headers }: IncomingMessage, response: ServerResponse, path: string, body: any): void {
  const key = String(headers["x-api-key"] ?? headers["x-goog-api-key"] ?? headers["authorization"] ?? "").replace("Bearer ", "");
  const json = (status: number, value: unknown) =>
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(value));
  // As OpenAI does: the key comes back in the message.
  if (self.keys !== null && !self.keys.has(key))
    return void json(401, { error: { message: `Incorrect API key provided: ${key}`, type: "auth" } });
  if (method === "GET") return void json(200, { data: [] });
  const model = String(body.model ?? /models\/([^:]+):/.exec(path)?.[1]);
  if (model.includes("429")) return void json(429, { error: { message: "slow down", type: "rate_limit_error" } });
  // A refusal whose text never comes to its end.
  if (model.includes("503")) {
    response.writeHead(503, { "content-type": "application/json", "content-length": "1000" }).write('{"error":');
    return void setTimeout(() => response.destroy(), 20);
  }
  if (model.includes("html")) return void response.writeHead(200, { "content-type": "text/html" }).end("<html>hello</html>");
  const speak = PROTOCOLS.find(({ end }) => path.includes(end)) as Protocol;
  const streamed = body.stream === true || path.includes("streamGenerate");
  if (!streamed) return void json(200, speak.whole(model));
  response.writeHead(200, { "content-type": "text/event-stream" });
  const last = model.includes("mid") ? [speak.error] : model.includes("cut") || model.includes("halt") ? [] : speak.tail(model, body);
  const events = [...speak.head(model), ...Array.from({ length: PIECES }, () => speak.piece(model)), ...last];
  const bytes = Buffer.from(events.join("").replaceAll("\n", model.includes("crlf") ? "\r\n" : "\n"));
  const size = model.includes("split") ? 3 : bytes.length;
  for (let at = 0; at < bytes.length; at += size) response.write(bytes.subarray(at, at + size));
  if (model.includes("cut")) setTimeout(() => response.destroy(), 50);
  else if (!model.includes("halt")) response.end();
}

interface Protocol {
  end: string;
  head(model: string): string[];
  piece(model: string): string;
  tail(model: string, body: any): string[];
  error: string;
  whole(model: string): unknown;
}

const data = (value: unknown) => `data: ${JSON.stringify(value)}\n\n`;
const named = (type: string, more: object) => `event: ${type}\n${data({ type, ...more })}`;
const answerText = TEXT.repeat(PIECES);
const anthropicUsage = {
  input_tokens: 800,
  cache_read_input_tokens: 200,
  output_tokens: 30,
  output_tokens_details: { thinking_tokens: 4 },
};
const chatUsage = {
  prompt_tokens: 1000,
  completion_tokens: 30,
  prompt_tokens_details: { cached_tokens: 200 },
  completion_tokens_details: { reasoning_tokens: 4 },
};
const responsesUsage = {
  input_tokens: 1000,
  output_tokens: 30,
  input_tokens_details: { cached_tokens: 200 },
  output_tokens_details: { reasoning_tokens: 4 },
};
const geminiUsage = { promptTokenCount: 1000, cachedContentTokenCount: 200, candidatesTokenCount: 26, thoughtsTokenCount: 4 };
const candidate = (text: string, finishReason?: string) => ({ candidates: [{ content: { parts: [{ text }] }, finishReason }] });
const output = [{ type: "message", content: [{ type: "output_text", text: answerText }] }];

const PROTOCOLS: readonly Protocol[] = [
  {
    end: "/v1/messages",
    head: (model) => [named("message_start", { message: { model, usage: { ...anthropicUsage, output_tokens: 1 } } }), ": ping\n\n"],
    piece: () => named("content_block_delta", { delta: { type: "text_delta", text: TEXT } }),
    tail: () => [named("message_delta", { delta: { stop_reason: "end_turn" }, usage: anthropicUsage }), named("message_stop", {})],
    error: named("error", { error: { type: "overloaded_error", message: "Overloaded" } }),
    whole: (model) => ({ type: "message", model, content: [{ type: "text", text: answerText }], usage: anthropicUsage }),
  },
  {
    end: "/chat/completions",
    head: () => [],
    piece: (model) => data({ model, choices: [{ delta: { content: TEXT } }], usage: null }),
    tail: (model, body) => [
      data({ model, choices: [{ delta: {}, finish_reason: "stop" }] }),
      ...(body.stream_options?.include_usage === true ? [data({ model, choices: [], usage: chatUsage })] : []),
      "data: [DONE]\n\n",
    ],
    error: data({ error: { message: "Overloaded", type: "server_error" } }),
    whole: (model) => ({ model, choices: [{ message: { content: answerText } }], usage: chatUsage }),
  },
  {
    end: "/responses",
    head: (model) => [named("response.created", { response: { model, usage: null } })],
    piece: () => named("response.output_text.delta", { delta: TEXT }),
    tail: (model) => [named("response.completed", { response: { model, usage: responsesUsage } })],
    error: named("error", { code: "server_error", message: "Overloaded" }),
    whole: (model) => ({ model, output, usage: responsesUsage }),
  },
  {
    end: ":",
    head: () => [],
    piece: (model) =>
      data({ ...candidate(TEXT), usageMetadata: { promptTokenCount: 1000, cachedContentTokenCount: 200 }, modelVersion: model }),
    tail: (model) => [data({ ...candidate("", "STOP"), usageMetadata: geminiUsage, modelVersion: model })],
    error: data({ error: { code: 503, message: "Overloaded", status: "UNAVAILABLE" } }),
    whole: (model) => ({ ...candidate(answerText, "STOP"), usageMetadata: geminiUsage, modelVersion: model }),
  },
];
