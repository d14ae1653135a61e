import it from "./i18n/it.js";

const KEPT_AS = "monitor.language";

/** @returns {"it" | "en"} */
function chosen() {
  try {
    return localStorage.getItem(KEPT_AS) === "en" ? "en" : "it";
  } catch {
    return "it";
  }
}

const language = chosen();
/** The locale of dates and numbers. */
export const locale = language === "en" ? "en-GB" : "it-IT";
/** @type {typeof it} */
export const t = language === "en" ? (await import("./i18n/en.js")).default : it;

const grouped = new Intl.NumberFormat(locale, { useGrouping: "always" });
/** @param {number} value */
export const number = (value) => grouped.format(value);

/** The page is written in Italian; this puts the other language in its place. */
export function translatePage() {
  document.documentElement.lang = language;
  if (language === "it") return;
  for (const element of document.querySelectorAll("[data-t]"))
    element.textContent = lookUp(element.getAttribute("data-t"));
  for (const element of document.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", lookUp(element.getAttribute("data-t-label")));
  }
  for (const element of document.querySelectorAll("[data-t-placeholder]")) {
    element.setAttribute("placeholder", lookUp(element.getAttribute("data-t-placeholder")));
  }
}

/** @param {string | null} path such as "signIn.title" */
function lookUp(path) {
  /** @type {any} */
  let value = t;
  for (const name of (path ?? "").split(".")) value = value?.[name];
  return typeof value === "string" ? value : (path ?? "");
}

/** Everything on the page is drawn once in one language, so the other one starts the page again. */
export function switchLanguage() {
  try {
    localStorage.setItem(KEPT_AS, language === "it" ? "en" : "it");
  } catch {
    return;
  }
  location.reload();
}
