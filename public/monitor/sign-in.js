import { ApiError, signIn } from "./api.js";
import { byId, setAttribute, setText } from "./dom.js";
import { t } from "./i18n.js";
import { store } from "./store.js";

const form = /** @type {HTMLFormElement} */ (byId("sign-in-form"));
const email = /** @type {HTMLInputElement} */ (byId("email"));
const password = /** @type {HTMLInputElement} */ (byId("password"));
const submit = /** @type {HTMLButtonElement} */ (byId("sign-in-submit"));

/** The page behind it is left as it is, with what was typed. @param {() => void} signedIn */
export function startSignIn(signedIn) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    if (!email.value.trim() || !password.value) return complain(t.signIn.empty);
    submit.disabled = true;
    setText(submit, t.signIn.busy);
    complain("");
    try {
      store.user = await signIn(email.value.trim(), password.value);
      password.value = "";
      byId("sign-in").hidden = true;
      byId("app").hidden = false;
      signedIn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      complain(wordsFor(error.status));
      password.select();
    } finally {
      submit.disabled = false;
      setText(submit, t.signIn.submit);
    }
  });
}

/** @param {boolean} expired whether somebody was signed in until now */
export function showSignIn(expired) {
  byId("app").hidden = true;
  byId("sign-in").hidden = false;
  const why = byId("sign-in-why");
  setText(why, expired ? t.signIn.expired : "");
  why.hidden = !expired;
  document.title = `${t.signIn.title} · ${t.title}`;
  (email.value ? password : email).focus();
}

/** @param {string} words */
function complain(words) {
  setText(byId("sign-in-error"), words);
  for (const field of [email, password]) setAttribute(field, "aria-invalid", words ? "true" : null);
}

/** @param {number} status */
function wordsFor(status) {
  if (status === 429) return t.signIn.tooMany;
  return status === 400 || status === 401 || status === 422 ? t.signIn.failed : t.signIn.unavailable;
}
