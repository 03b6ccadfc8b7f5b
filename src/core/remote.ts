/** Names a repository after its remote, so that clones of one repository share a name however they were made. */

/** `host/owner/name` of a remote URL in any of git's spellings, without credentials, port or `.git`; null for a local path. */
export function normaliseRemote(url: string): string | null {
  const scp = /^(?:[^/\s]+@)?([^@:/\s]+):(?!\/\/)(.+)$/.exec(url);
  const full = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/\s]*@)?([^@:/\s]+)(?::\d+)?\/(.+)$/i.exec(url);
  const [, host, path] = full ?? scp ?? [];
  if (host === undefined || path === undefined || /^file:/i.test(url) || /^[a-z]$/i.test(host)) return null;
  const name = path
    .replace(/^\/+/, "")
    .replace(/\/+$/, "")
    .replace(/\.git$/, "");
  return name === "" ? null : `${host.toLowerCase()}/${name}`;
}
