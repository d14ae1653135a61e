/** @param {number} n @param {string} one @param {string} many */
export const count = (n, one, many) => (n === 1 ? one : many);

/** “5.000”: numbers as a language writes them. @param {string} locale */
export function numbers(locale) {
  const grouped = new Intl.NumberFormat(locale, { useGrouping: "always" });
  return (/** @type {number} */ value) => grouped.format(value);
}
