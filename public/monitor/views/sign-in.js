import { ApiError, signIn } from "../data/api.js";
import { store } from "../data/store.js";
import { find, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { age } from "../lib/time.js";

/**
 * The sign-in. The page behind it is left as it is, with what was typed.
 * @param {HTMLElement} root @param {HTMLElement} app what it hides @param {() => void} signedIn
 * @returns {{ show: (expired: boolean) => void }} `expired`: the user was signed in until now
 */
export function startSignIn(root, app, signedIn) {
  const email = find(root, "#email", HTMLInputElement);
  const password = find(root, "#password", HTMLInputElement);
  const submit = find(root, "#sign-in-submit", HTMLButtonElement);

  /** @param {string} words */
  const complain = (words) => {
    setText(find(root, "#sign-in-error"), words);
    for (const field of [email, password]) setAttribute(field, "aria-invalid", words ? "true" : null);
  };

  find(root, "#sign-in-form").addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    if (!email.value.trim() || !password.value) return complain(t.signIn.empty);
    submit.disabled = true;
    setText(submit, t.signIn.busy);
    complain("");
    try {
      store.user = await signIn(email.value.trim(), password.value);
      password.value = "";
      root.hidden = true;
      app.hidden = false;
      signedIn();
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      complain(wordsFor(error));
      password.select();
    } finally {
      submit.disabled = false;
      setText(submit, t.signIn.submit);
    }
  });

  return {
    show(expired) {
      for (const dialog of document.querySelectorAll("dialog")) dialog.close();
      app.hidden = true;
      root.hidden = false;
      const why = find(root, "#sign-in-why");
      setText(why, expired ? t.signIn.expired : "");
      why.hidden = !expired;
      document.title = `${t.signIn.title} · ${t.title}`;
      (email.value ? password : email).focus();
    },
  };
}

/** @param {ApiError} error */
function wordsFor({ code, waitS }) {
  switch (code) {
    case "sign_in_failed":
    case "invalid_credentials":
      return t.signIn.failed;
    case "too_many_attempts":
      return t.signIn.tooMany(age(waitS * 1000));
    default:
      return t.signIn.unavailable;
  }
}
