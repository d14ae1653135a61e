import { numbers } from "./plural.js";
import it from "./words/it.js";

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
/** The words of the page. @type {typeof it} */
export const t = language === "en" ? (await import("./words/en.js")).default : it;
export const number = numbers(locale);

/** Puts the words into monitor.html, which has none of its own. @param {Document} page */
export function translatePage(page) {
  page.documentElement.lang = language;
  for (const element of page.querySelectorAll("[data-t]")) {
    element.textContent = lookUp(element.getAttribute("data-t") ?? "");
  }
  for (const attribute of ["aria-label", "placeholder"]) {
    for (const element of page.querySelectorAll(`[data-t-${attribute}]`)) {
      element.setAttribute(attribute, lookUp(element.getAttribute(`data-t-${attribute}`) ?? ""));
    }
  }
}

/** @param {string} path such as "signIn.title" @returns {string} */
function lookUp(path) {
  /** @type {unknown} */
  let value = t;
  for (const name of path.split("."))
    value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof value !== "string") throw new Error(`There are no words for ${path}.`);
  return value;
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
