import { start } from "../lib/background/run.ts";
import { readAccess, readConfig } from "../lib/config.ts";
import { configProblems } from "../lib/environment.ts";
import { cached } from "../lib/health/cached.ts";
import { checkHealth } from "../lib/health/check-health.ts";
import { isWell } from "../lib/health/finding.ts";
import { headOf, json, methodNotAllowed, unconfigured } from "../lib/http/endpoint.ts";
import { requireSecret } from "../lib/http/secret.ts";

export const { POST, PUT, PATCH, DELETE, OPTIONS } = methodNotAllowed("GET", "HEAD");

/**
 * GET /api/health: with CRON_SECRET all findings of `npm run doctor`; without it only whether all is well, 200 or 503.
 * Unlike the other endpoints it also answers if the configuration is wrong: that is what it is for.
 */
export const GET = unconfigured("health", async (request, { end, note }) => {
  const inside = mayKnow(request);
  const look = () => {
    if (configProblems(process.env).length === 0) start({ config: readConfig(), end }, "alert");
    return checkHealth(process.env, inside);
  };
  const findings = await (inside ? look() : cached(look));
  const well = isWell(findings);
  note({
    inside,
    failed: findings.flatMap(({ status, check }) => (status === "fail" ? check : [])).join(", ") || null,
  });
  return json(well ? 200 : 503, {
    status: well ? "ok" : "fail",
    ...(inside ? { checked_at: new Date().toISOString(), findings } : {}),
  });
});

export const HEAD = headOf(GET);

function mayKnow(request: Request): boolean {
  try {
    requireSecret(request, readAccess(), "CRON_SECRET");
    return true;
  } catch {
    return false;
  }
}
