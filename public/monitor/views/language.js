import { switchLanguage, t } from "../lib/i18n.js";

/** The buttons that change the language. @param {Document} page */
export function startLanguage(page) {
  for (const button of page.querySelectorAll("[data-language]")) button.addEventListener("click", switchLanguage);
  for (const words of page.querySelectorAll("[data-other-language]")) words.setAttribute("lang", t.otherLanguageCode);
}
