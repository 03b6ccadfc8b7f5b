/** Before any test: nothing of the developer's own git or boba settings may leak in. */
for (const name of Object.keys(process.env)) {
  if (/^(GIT_|BOBA_(?!TEST_)|CLAUDE_|CODEX_|XDG_|GITHUB_|GITLAB_|CI_)/.test(name) || name === "CI") delete process.env[name];
}
