/** Who bills for a model, by the names of the price catalogue. */
import { own } from "./own.ts";

/** What agents call a provider, where that is not the catalogue's own name for it. */
const ALIASES: Readonly<Record<string, string>> = {
  "amazon-bedrock": "aws",
  bedrock: "aws",
  "azure-openai": "azure",
  "azure-openai-responses": "azure",
  dashscope: "alibaba",
  "claude-code": "anthropic",
  gemini: "google",
  "gemini-cli": "google",
  "google-ai": "google",
  "google-antigravity": "google",
  "google-gemini": "google",
  "google-gemini-cli": "google",
  "google-vertex": "google",
  "google-vertex-anthropic": "google",
  vertex: "google",
  vertexai: "google",
  copilot: "github-copilot",
  github: "github-copilot",
  github_copilot: "github-copilot",
  "fireworks-ai": "fireworks",
  kimi: "moonshotai",
  "kimi-coding": "moonshotai",
  "kimi-for-coding": "moonshotai",
  "minimax-cn": "minimax",
  moonshot: "moonshotai",
  "openai-codex": "openai",
  "openai-native": "openai",
  qwen: "alibaba",
  "qwen-portal": "alibaba",
  "vscode-lm": "github-copilot",
  togetherai: "together",
  xai: "x-ai",
  "z-ai": "zai",
};

/** Whose model it is, by the beginning of its name. */
const MAKERS: readonly (readonly [RegExp, string])[] = [
  [/^(?:[a-z]+\.)?(?:anthropic[./])?claude/, "anthropic"],
  [/^(?:openai\/)?(?:gpt-|o\d|codex|chatgpt)/, "openai"],
  [/^(?:google\/)?(?:models\/)?gemini/, "google"],
  [/^(?:x-ai\/)?grok/, "x-ai"],
  [/^(?:moonshotai\/)?(?:kimi|k2|moonshot)/, "moonshotai"],
  [/^(?:deepseek\/)?deepseek/, "deepseek"],
  [/^(?:mistralai\/)?(?:mistral|devstral|codestral)/, "mistral"],
  [/^(?:z-ai\/)?glm/, "zai"],
  [/^(?:minimax\/)?minimax/, "minimax"],
  [/^(?:qwen\/)?(?:qwen|qwq)/, "alibaba"],
];

/** The provider that a log names, as the catalogue calls it; where it names none, whose model it is; else `otherwise`. */
export function providerOf(named: string | null, model: string, otherwise: string): string {
  if (named !== null) {
    const name = named.toLowerCase();
    return own(ALIASES, name) ?? name;
  }
  const plain = model.toLowerCase();
  return MAKERS.find(([pattern]) => pattern.test(plain))?.[1] ?? otherwise;
}
