/** `boba metrics --listen`: serves the figures until the process is told to end. */
import { BobaError, EXIT } from "../core/errors.ts";
import { servePage } from "../platform/http-server.ts";
import { untilTold } from "../platform/self.ts";

/** Returns when the process was told to end. @throws BobaError BOBA-NET-2 when the port is taken. */
export async function serveMetrics(
  port: number,
  type: string,
  make: () => Promise<string>,
  onListening: (address: string) => void,
): Promise<void> {
  const served = await servePage("127.0.0.1", port, "/metrics", type, make).catch((error: unknown) => {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown error";
    throw new BobaError(
      "BOBA-NET-2",
      EXIT.network,
      `port ${port} of this machine cannot be used (${reason})`,
      "name another one, or 0 for any",
      error,
    );
  });
  onListening(`http://127.0.0.1:${served.port}/metrics`);
  await untilTold();
  await served.close();
}
