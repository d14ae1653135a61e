// npm run doctor [-- --url https://…] [--json]
//
// Checks what is set here, or a deployment, and says of each finding how to mend it.
// Exit code: 0 all well (perhaps with warnings), 1 something is wrong, 2 it could not be checked.
import { readAccess } from "../lib/config.ts";
import { checkDeployment } from "../lib/health/check-deployment.ts";
import { checkHealth } from "../lib/health/check-health.ts";
import { type Finding, isWell } from "../lib/health/finding.ts";
import { readFlags } from "./flags.ts";

const USAGE = `npm run doctor                              checks what is set here (.env.local)
npm run doctor -- --url https://…           checks a deployment; needs its CRON_SECRET in .env.local
npm run doctor -- --json                    the findings as JSON`;

const SIGNS = { ok: "✓", warn: "!", fail: "✗" };

class CannotCheck extends Error {}

async function lookAt(given: string | undefined): Promise<Finding[]> {
  if (given === undefined) return checkHealth(process.env, true);
  if (!/^https?:\/\//i.test(given) || !URL.canParse(given)) {
    throw new CannotCheck(`--url is an address like https://your-project.vercel.app, not ${given}.`);
  }
  const [cronSecret] = readAccess().secrets.CRON_SECRET;
  if (cronSecret === undefined) {
    throw new CannotCheck(
      "CRON_SECRET is not set here: put the deployment's into .env.local; the deployment reports its findings only to a caller who has it.",
    );
  }
  const { origin } = new URL(given);
  const findings = await checkDeployment(origin, cronSecret);
  if (findings === null) throw new CannotCheck(`${origin} does not answer. Is the address right?`);
  return findings;
}

function print(findings: Finding[]): void {
  const width = Math.max(...findings.map(({ check }) => check.length));
  for (const { check, status, message, fix } of findings) {
    console.log(`${SIGNS[status]} ${check.padEnd(width)}  ${message}`);
    if (fix !== null) console.log(`${" ".repeat(width + 4)}→ ${fix}`);
  }
  const count = (status: Finding["status"]) => findings.filter((finding) => finding.status === status).length;
  console.log(`\n${count("ok")} well, ${count("warn")} to look at, ${count("fail")} wrong.`);
}

try {
  const { url, json } = readFlags(USAGE, { options: { url: { type: "string" }, json: { type: "boolean" } } }).values;
  const findings = await lookAt(url);
  if (json) console.log(JSON.stringify({ status: isWell(findings) ? "ok" : "fail", findings }, null, 2));
  else print(findings);
  process.exitCode = isWell(findings) ? 0 : 1;
} catch (error) {
  console.error(error instanceof CannotCheck ? error.message : error);
  process.exitCode = 2;
}
