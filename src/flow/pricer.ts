/** The prices that hold: the user's own, then the catalogue's. Loading the catalogue takes longer than most commands, so only when needed. */
import { loadPricing } from "../config/pricing.ts";
import { createPricer } from "../core/catalogue.ts";
import type { Pricer } from "../core/price.ts";
import type { App } from "./app.ts";

/** @throws BobaError for a pricing.yaml that does not hold what it should. */
export async function loadPricer(app: App): Promise<Pricer> {
  const [overrides, { calcPrice }] = await Promise.all([loadPricing(app.paths), import("@pydantic/genai-prices")]);
  return createPricer(overrides, calcPrice);
}
