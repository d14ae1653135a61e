import axe from "axe-core";
import type { Page } from "playwright-core";

/** What axe finds against WCAG 2.2 AA and good practice, in words. */
export async function findings(page: Page): Promise<string[]> {
  // Past the page's Content-Security-Policy, which lets no other script in.
  await page.evaluate(axe.source);
  const found = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: typeof import("axe-core") };
    const { violations } = await axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return violations.map(
      ({ id, nodes }) => `${id}: ${nodes.map(({ html, failureSummary }) => `${html} ${failureSummary}`).join("\n")}`,
    );
  });
  return found;
}
