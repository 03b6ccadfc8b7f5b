import { expect, test } from "vitest";
import { looksLikeKey } from "../../src/core/literal-key.ts";

test.each([
  "sk-ant-api03-abcdefgh",
  "Bearer sk-proj-0123456789",
  "--api-key=sk-0123456789abc",
  "AIzaSyA0123456789abcdefghijk",
  "gsk_0123456789ab",
  "xai-0123456789ab",
  "ghp_0123456789abcdefghij",
  "https://example.com/?key=AIzaSyA0123456789abcdefghijk",
  "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
  "Token kQ3vX9mZ7pL2wR8tY5uB1nC6",
  "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln",
])("a key: %s", (value) => {
  expect(looksLikeKey(value)).toBe(true);
});

test.each([
  "",
  "secret://anthropic_key",
  "Bearer secret://team.key-2",
  "secret://a_rather_long_name_for_one_key_2026",
  "2023-06-01",
  "application/json; charset=utf-8",
  "claude-sonnet-4-5-20250929",
  "anthropic.claude-3-7-sonnet-20250219-v1:0",
  "prompt-caching-2024-07-31,context-1m-2025-08-07",
  "fine-grained-tool-streaming-2025-05-14",
  "https://gateway.example.com/v1/projects/my-project-1/locations/europe-west4",
  "/home/ada/.local/share/tools/bin",
  "task-runner",
  "risk-assessment-and-more",
])("no key: %s", (value) => {
  expect(looksLikeKey(value)).toBe(false);
});
