import { expect, test } from "vitest";
import { otlpEndpoint, otlpHeaders } from "../../src/core/otlp-target.ts";

test.each([
  ["http://127.0.0.1:4318", "http://127.0.0.1:4318/v1/metrics"],
  ["http://127.0.0.1:4318/", "http://127.0.0.1:4318/v1/metrics"],
  ["https://a.example/otlp/", "https://a.example/otlp/v1/metrics"],
  ["https://a.example/otlp/v1/metrics/", "https://a.example/otlp/v1/metrics"],
  ["https://a.example/v1/metrics?key=k#top", "https://a.example/v1/metrics?key=k"],
])("the address for %s", (typed, url) => {
  expect(otlpEndpoint(typed)).toEqual({ url, name: url.replace("?key=k", "") });
});

test("headers are name=value pairs with percent-encoded values", () => {
  expect(otlpHeaders(undefined)).toEqual({});
  expect(otlpHeaders("Authorization=Bearer%20a%2Cb=, x-tenant = acme ,")).toEqual({ authorization: "Bearer a,b=", "x-tenant": "acme" });
});

test.each(["s3cret", "=s3cret", "a=s3cret%", "a b=s3cret", "x=s3cret%0d%0ay: z", "host=s3cret", "content-length=1", "a=%E2%82%AC"])(
  "what is none is refused and not quoted: %j",
  (value) => {
    expect(() => otlpHeaders(`ok=1,${value}`)).toThrow(
      expect.objectContaining({ code: "BOBA-USE-51", message: "OTEL_EXPORTER_OTLP_HEADERS: pair 2 is not a header" }),
    );
  },
);
