/** An OTLP/HTTP receiver on this machine that adds up what it is told. */
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: string;
  /** Runs when the request has come; it is answered when that is done. */
  meanwhile?: () => Promise<unknown>;
}

export interface Collector {
  url: string;
  /** What was asked, in order. */
  posts: { path: string; headers: IncomingHttpHeaders; text: string; taken: boolean }[];
  /** What the next requests get; afterwards all are taken. */
  next: Answer[];
  /** The value of a metric over all bodies that were taken and all points whose attributes include these; money in whole nano-dollars. */
  total(metric: string, attributes?: Record<string, string>): number;
  /** The points of a body, as `[metric, attributes, point]`. */
  points(at: number): [string, Record<string, string>, any][];
}

/** Listens on the loopback address until the test ends. */
export async function collector(): Promise<Collector> {
  const posts: Collector["posts"] = [];
  const next: Answer[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.on("data", (chunk: Buffer) => (text += chunk.toString()));
    request.on("end", () => {
      const { status = 200, headers = {}, body = "{}", meanwhile = async () => undefined } = next.shift() ?? {};
      posts.push({ path: `${request.method} ${request.url}`, headers: request.headers, text, taken: status === 200 });
      void meanwhile().then(() => response.writeHead(status, headers).end(body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const pointsOf = (text: string) => {
    const { resourceMetrics } = JSON.parse(text);
    return resourceMetrics[0].scopeMetrics[0].metrics.flatMap((metric: any) =>
      metric.sum.dataPoints.map((point: any) => [
        metric.name,
        Object.fromEntries(point.attributes.map(({ key, value }: any) => [key, value.stringValue])),
        point,
      ]),
    ) as [string, Record<string, string>, any][];
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    posts,
    next,
    points: (at) => pointsOf(posts[at]?.text as string),
    total: (metric, attributes = {}) =>
      posts
        .filter(({ taken }) => taken)
        .flatMap(({ text }) => pointsOf(text))
        .filter(([name, found]) => name === metric && Object.entries(attributes).every(([key, value]) => found[key] === value))
        .reduce((sum, [, , point]) => sum + (point.asInt === undefined ? Math.round(point.asDouble * 1e9) : Number(point.asInt)), 0),
  };
}
