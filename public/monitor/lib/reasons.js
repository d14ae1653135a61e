/** @import { ErrorCode, LogCode } from "../../../lib/error-code.ts" */
import { t } from "./i18n.js";

/**
 * Why something did not happen: our words for the code, then the provider's own, quoted.
 * @param {ErrorCode | LogCode | null} code @param {string | null} [error] the provider's words
 */
export function reason(code, error) {
  return [code && t.reasons[code], error && t.reasonQuoted(error)].filter(Boolean).join(" ");
}
