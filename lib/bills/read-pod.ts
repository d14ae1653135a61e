import { findPods } from "./find-pods.ts";
import type { Found, Region } from "./region.ts";

/** A POD at the start of a region. */
export function readPod({ text, isPhoto }: Region): Found | null {
  const [first] = findPods(text, isPhoto);
  if (!first || !/^[\s:=.()n°*–-]*$/.test(text.slice(0, first.start))) return null;
  const { pod, start, end } = first;
  return { values: { pod }, unit: null, start, end, more: [], exact: true };
}
