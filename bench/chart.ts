import type { Results, Target } from "./entry.ts";
import { isReached, targetText } from "./table.ts";

const WIDTH = 920;
const LEFT = 300;
const RIGHT = 190;
const ROW = 24;
const TOP = 64;
const GAP = 10;
/** In the limit's size: what is longer is cut. */
const LONGEST = 2;

const STYLE = `
    text { font: 13px system-ui, sans-serif; fill: #24292f; }
    .title { font-size: 15px; font-weight: 600; }
    .item { font-weight: 600; }
    .quiet { fill: #57606a; }
    .reached { fill: #2f6f9f; }
    .missed { fill: #b3541e; }
    .limit { stroke: #24292f; stroke-width: 1.5; stroke-dasharray: 4 3; }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3; }
      .quiet { fill: #9aa4af; }
      .reached { fill: #5ea6d8; }
      .missed { fill: #e08a4f; }
      .limit { stroke: #e6edf3; }
    }`;

/** Each target as a bar whose length is its value in the limit's size: a bar that ends before the line reaches it. */
export function chart(results: Results): string {
  const unit = (WIDTH - LEFT - RIGHT) / LONGEST;
  let y = TOP;
  const rows: string[] = [];
  for (const [name, { targets }] of Object.entries(results)) {
    // What must be nothing at all has no size to be drawn in; its words say it.
    for (const [at, target] of targets.entries()) {
      rows.push(row(target, at === 0 ? name : "", y, unit));
      y += ROW;
    }
    if (targets.length > 0) y += GAP;
  }
  const line = LEFT + unit;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + 8}" role="img" aria-label="What was measured, in the size of its limit">
  <style>${STYLE}
  </style>
  <text class="title" x="12" y="24">npm run bench: what was measured, in the size of its limit (shorter is better)</text>
  <text class="quiet" x="12" y="44">${escapeXml(machines(results))}</text>
  <line class="limit" x1="${line}" x2="${line}" y1="${TOP - 10}" y2="${y - GAP}"/>
${rows.join("\n")}
</svg>
`;
}

function row(target: Target, name: string, y: number, unit: number): string {
  const share = target.limit > 0 ? target.value / target.limit : target.value > 0 ? LONGEST : 0;
  const width = Math.max(1, Math.min(LONGEST, share) * unit);
  const state = isReached(target) ? "reached" : "missed";
  return [
    `  <text class="item" x="12" y="${y + 15}">${escapeXml(name)}</text>`,
    `  <text x="76" y="${y + 15}">${escapeXml(target.what)}</text>`,
    `  <rect class="${state}" x="${LEFT}" y="${y + 3}" width="${width.toFixed(1)}" height="${ROW - 8}" rx="2"><title>${state}</title></rect>`,
    `  <text class="quiet" x="${WIDTH - RIGHT + 8}" y="${y + 15}">${escapeXml(targetText(target))}</text>`,
  ].join("\n");
}

/** The machine and versions of the numbers, as in the newest run. */
function machines(results: Results): string {
  const newest = Object.values(results).sort((a, b) => b.date.localeCompare(a.date))[0];
  if (!newest) return "";
  const { node, cpu, cores } = newest.machine;
  return `${newest.date.slice(0, 10)} · Node ${node} · ${cpu} · ${cores} cores`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
