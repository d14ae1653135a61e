/** @typedef {{ x: number, y: number, width: number, height: number }} Box in parts of the page */

/** A place on a page that was turned clockwise. @param {Box} box @param {number} turns quarters @returns {Box} */
export function turned({ x, y, width, height }, turns) {
  if (turns === 1) return { x: 1 - y - height, y: x, width: height, height: width };
  if (turns === 2) return { x: 1 - x - width, y: 1 - y - height, width, height };
  if (turns === 3) return { x: y, y: 1 - x - width, width: height, height: width };
  return { x, y, width, height };
}
