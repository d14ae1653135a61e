import { ApiError, changePassword } from "../data/api.js";
import { store } from "../data/store.js";
import { find, setAttribute, setText } from "../lib/dom.js";
import { t } from "../lib/i18n.js";
import { openDialog } from "../lib/open-dialog.js";
import { age } from "../lib/time.js";
import { toast } from "./toast.js";

const SHORTEST = 12;

/** Staff change their own password. @param {HTMLDialogElement} dialog @param {HTMLElement} opener */
export function startChangePassword(dialog, opener) {
  const form = find(dialog, "#password-form", HTMLFormElement);
  const was = find(dialog, "#old-password", HTMLInputElement);
  const wanted = find(dialog, "#new-password", HTMLInputElement);
  const again = find(dialog, "#new-password-again", HTMLInputElement);
  const submit = find(dialog, "#password-submit", HTMLButtonElement);

  /** @param {string} words @param {HTMLInputElement} [wrong] */
  const complain = (words, wrong) => {
    setText(find(dialog, "#password-error"), words);
    for (const field of [was, wanted, again]) setAttribute(field, "aria-invalid", field === wrong ? "true" : null);
    wrong?.select();
  };

  opener.addEventListener("click", async () => {
    // For the browser's list of passwords.
    find(dialog, "#password-account", HTMLInputElement).value = store.user?.email ?? "";
    await openDialog(dialog);
    form.reset();
    complain("");
  });
  find(dialog, "#password-cancel").addEventListener("click", () => dialog.close());

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (submit.disabled) return;
    const problem = whatIsWrong(was.value, wanted.value, again.value);
    if (problem) return complain(problem.words, { was, wanted, again }[problem.field]);
    complain("");
    submit.disabled = true;
    setText(submit, t.password.busy);
    try {
      await changePassword(was.value, wanted.value);
      dialog.close();
      toast(t.password.done);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.signedOut) return;
      if (error.code === "wrong_password") complain(t.password.wrong, was);
      else if (error.code === "weak_password") complain(t.password.weak, wanted);
      else if (error.code === "too_many_attempts") complain(t.signIn.tooMany(age(error.waitS * 1000)));
      else complain(t.password.failed);
    } finally {
      submit.disabled = false;
      setText(submit, t.password.submit);
    }
  });
}

/**
 * @param {string} was @param {string} wanted @param {string} again
 * @returns {{ words: string, field: "was" | "wanted" | "again" } | null}
 */
function whatIsWrong(was, wanted, again) {
  if (!was) return { words: t.password.empty, field: "was" };
  if (!wanted) return { words: t.password.empty, field: "wanted" };
  if (wanted.length < SHORTEST) return { words: t.password.short, field: "wanted" };
  if (wanted === was) return { words: t.password.same, field: "wanted" };
  if (wanted !== again) return { words: t.password.different, field: "again" };
  return null;
}
