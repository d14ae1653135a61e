import { describe, expect, it } from "vitest";
import { readConfig } from "../../lib/config.ts";
import { ConfigError } from "../../lib/environment.ts";
import { HttpError } from "../../lib/http/errors.ts";
import { requireSecret } from "../../lib/http/secret.ts";

const SECRET = "s3cret-of-cloudtalk";
const PLACES = { headers: ["x-webhook-signature", "x-webhook-secret"], query: "token" };

function config(env: Record<string, string> = { CLOUDTALK_WEBHOOK_SECRET: SECRET }) {
  return readConfig({ SUPABASE_URL: "https://abcd.supabase.co", SUPABASE_KEY: "key-of-supabase", ...env });
}
const request = (headers: Record<string, string> = {}, query = "") =>
  new Request(`https://example.test/webhook/cloudtalk${query}`, { method: "POST", headers });
const enter = (given: Request, settings = config()) =>
  requireSecret(given, settings, "CLOUDTALK_WEBHOOK_SECRET", PLACES);

describe("the right secret opens, in each place", () => {
  it.each([
    ["Authorization", request({ authorization: `Bearer ${SECRET}` })],
    ["Authorization, in lower case and with spaces", request({ authorization: `bearer   ${SECRET} ` })],
    ["X-Webhook-Signature", request({ "x-webhook-signature": SECRET })],
    ["X-Webhook-Secret", request({ "X-Webhook-Secret": SECRET })],
    ["?token=", request({}, `?token=${SECRET}`)],
    ["one place, with something else in another", request({ authorization: "Bearer other" }, `?token=${SECRET}`)],
  ])("%s", (_, given) => {
    expect(() => enter(given)).not.toThrow();
  });

  it("and each one of a list, so that it can be rotated", () => {
    const rotated = config({ CLOUDTALK_WEBHOOK_SECRET: `new-secret, ${SECRET}` });
    expect(() => enter(request({}, `?token=${SECRET}`), rotated)).not.toThrow();
    expect(() => enter(request({}, "?token=new-secret"), rotated)).not.toThrow();
    expect(() => enter(request({}, `?token=new-secret, ${SECRET}`), rotated)).toThrow(HttpError);
  });

  it("with signs that a URL escapes", () => {
    const odd = "a+b/c=d&e";
    const settings = config({ CLOUDTALK_WEBHOOK_SECRET: odd });
    expect(() => enter(request({}, `?token=${encodeURIComponent(odd)}`), settings)).not.toThrow();
  });
});

describe("anything else answers 401 without detail", () => {
  it.each([
    ["none", request()],
    ["an empty one", request({ authorization: "Bearer ", "x-webhook-secret": "" }, "?token=")],
    ["a part of it", request({ authorization: `Bearer ${SECRET.slice(0, -1)}` })],
    ["more than it", request({ authorization: `Bearer ${SECRET}x` })],
    ["another case", request({ authorization: `Bearer ${SECRET.toUpperCase()}` })],
    ["a wrong one", request({ "x-webhook-signature": "wrong" })],
    ["another scheme", request({ authorization: `Basic ${SECRET}` })],
    ["no scheme", request({ authorization: SECRET })],
    ["a header that is not listed", request({ "x-api-key": SECRET })],
    ["another parameter", request({}, `?secret=${SECRET}`)],
  ])("%s", (_, given) => {
    expect(() => enter(given)).toThrow(HttpError);
    expect(() => enter(given)).toThrow(
      expect.objectContaining({ status: 401, code: "unauthorized", message: "Unauthorized." }),
    );
  });

  it("a place that this endpoint does not have", () => {
    const given = request({}, `?token=${SECRET}`);
    expect(() => requireSecret(given, config(), "CLOUDTALK_WEBHOOK_SECRET")).toThrow(HttpError);
  });

  it("another endpoint's secret", () => {
    const settings = config({ CLOUDTALK_WEBHOOK_SECRET: SECRET, CRON_SECRET: "tick-tock" });
    expect(() => enter(request({ authorization: "Bearer tick-tock" }), settings)).toThrow(HttpError);
  });
});

describe("a secret that is not set", () => {
  it.each([{}, { CLOUDTALK_WEBHOOK_SECRET: "" }, { CLOUDTALK_WEBHOOK_SECRET: " , " }])(
    "%j lets everybody in on a developer's machine",
    (env) => {
      expect(() => enter(request(), config(env))).not.toThrow();
    },
  );

  it.each([{}, { CLOUDTALK_WEBHOOK_SECRET: "" }, { CLOUDTALK_WEBHOOK_SECRET: " , " }])(
    "%j lets nobody in on a deployment, and is named",
    (env) => {
      const settings = config({ ...env, VERCEL: "1", VERCEL_ENV: "production" });
      expect(() => enter(request({ authorization: "Bearer x" }), settings)).toThrow(ConfigError);
      expect(() => enter(request(), settings)).toThrow("CLOUDTALK_WEBHOOK_SECRET is not set");
    },
  );
});
