import { Command, Option } from "clipanion";
import { BobaError, EXIT } from "../../core/errors.ts";
import { metrics, saveTextfile } from "../../flow/metrics.ts";
import { serveMetrics } from "../../flow/metrics-server.ts";
import { PROMETHEUS_TYPE, prometheusText } from "../../report/prometheus.ts";
import { BobaCommand } from "../base.ts";

export default class MetricsCommand extends BobaCommand {
  static override paths = [["metrics"]];
  static override usage = Command.Usage({
    category: "Operations",
    description: "The ledger's figures for Prometheus",
    details: `
      Prints the text format. \`--textfile\` writes \`boba.prom\` into the node exporter's folder, whole or not at all; \`--listen\` serves \`/metrics\` on this
      machine until it is stopped. docs/operations.md lists the names.
    `,
    examples: [
      ["Look at it", "boba metrics"],
      ["For the node exporter, from cron", "boba metrics --textfile /var/lib/prometheus/node-exporter"],
      ["For a scraper on this machine", "boba metrics --listen 127.0.0.1:9469"],
    ],
  });

  textfile = Option.String("--textfile", { description: "Write boba.prom into this folder" });
  listen = Option.String("--listen", { description: "Serve /metrics at 127.0.0.1:PORT" });
  import = Option.Boolean("--import", true, { description: "Show what is stored, without collecting what is new" });

  async run(): Promise<number> {
    const { app } = this.context;
    const make = async () => {
      const { families, warnings } = await metrics(app, { import: this.import });
      for (const warning of warnings) this.tell(warning);
      return prometheusText(families);
    };
    if (this.listen !== undefined) {
      const port = /^(?:127\.0\.0\.1:|localhost:)?(\d{1,5})$/.exec(this.listen)?.[1];
      if (port === undefined || Number(port) > 65_535) {
        throw new BobaError("BOBA-USE-43", EXIT.usage, "--listen takes a port of this machine", "e.g. --listen 127.0.0.1:9469");
      }
      await serveMetrics(Number(port), PROMETHEUS_TYPE, make, (address) =>
        this.tell(`boba: serving ${address}, until you stop it (Ctrl-C)`),
      );
    } else if (this.textfile !== undefined) this.tell(`boba: wrote ${saveTextfile(app, this.textfile, await make())}`);
    else this.print(await make());
    return 0;
  }
}
