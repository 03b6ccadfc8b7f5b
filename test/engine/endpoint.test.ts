import { expect, it } from "vitest";
import { endOf } from "../../src/proxy/wire.ts";

it.each([
  ["https://gw.example", "https://gw.example/v1/chat/completions"],
  ["https://gw.example/v1", "https://gw.example/v1/chat/completions"],
  ["https://gw.example/v1/chat/completions", "https://gw.example/v1/chat/completions"],
  ["https://gw.example/v1/responses?api-version=1", "https://gw.example/v1/chat/completions?api-version=1"],
  // Names that merely end like a known one are the gateway's own.
  ["https://gw.example/openai-responses", "https://gw.example/openai-responses/v1/chat/completions"],
  ["https://gw.example/ai-models/v1", "https://gw.example/ai-models/v1/chat/completions"],
])("below %s an answer is asked for at %s", (endpoint, address) => {
  expect(endOf(endpoint, "v1", "chat/completions")).toBe(address);
});
