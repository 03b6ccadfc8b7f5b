/** Families of samples, as Prometheus and OpenMetrics know them. */

export interface Sample {
  labels: Readonly<Record<string, string>>;
  value: number;
  /** Of a histogram's samples: what follows the family's name. */
  suffix?: "_bucket" | "_sum" | "_count";
}

export interface Family {
  /** As it is in the text, `_total` included. */
  name: string;
  type: "counter" | "gauge" | "histogram";
  help: string;
  samples: readonly Sample[];
}

export const family = (name: string, type: Family["type"], help: string, samples: readonly Sample[]): Family => ({
  name,
  type,
  help,
  samples,
});

/** The samples of a family without labels. */
export const single = (value: number): Sample[] => [{ labels: {}, value }];
