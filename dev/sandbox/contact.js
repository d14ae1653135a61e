/** @import { SandboxState } from "../sandbox-routes.ts" */
import { $ } from "./dom.js";

const OPEN = "mon-fri 9-20, sat 10-19";

const field = () => $("hours", HTMLInputElement);
const absent = () => $("absent", HTMLInputElement);

/**
 * The sending hours, and what goes wrong with messages and numbers.
 * @param {(action: "hours" | "troubles", body: object) => Promise<void>} post
 */
export function startContact(post) {
  /** @param {Promise<void>} done */
  const say = async (done) => {
    const problem = await done.then(
      () => "",
      (error) => String(error.message),
    );
    $("contact-problem").textContent = problem;
  };
  $("hours-form").addEventListener("submit", (event) => {
    event.preventDefault();
    say(post("hours", { hours: field().value }));
  });
  $("hours-on").addEventListener("click", () => say(post("hours", { hours: OPEN })));
  $("hours-off").addEventListener("click", () => say(post("hours", { hours: "off" })));
  for (const name of ["restricted", "undelivered"]) {
    const input = $(name, HTMLInputElement);
    input.addEventListener("change", () => say(post("troubles", { [name]: input.valueAsNumber || 0 })));
  }
  absent().addEventListener("change", () => {
    const numbers = absent()
      .value.split(",")
      .filter((number) => number.trim() !== "");
    say(post("troubles", { absent: numbers }));
  });
}

/** What somebody is typing stays. @param {SandboxState} state */
export function drawContact({ hours, troubles, real }) {
  $("troubles").hidden = real;
  /** @param {HTMLInputElement} input @param {string} value */
  const show = (input, value) => {
    if (document.activeElement !== input) input.value = value;
  };
  show(field(), hours);
  show($("restricted", HTMLInputElement), String(troubles.restricted));
  show($("undelivered", HTMLInputElement), String(troubles.undelivered));
  show(absent(), troubles.absent.join(", "));
}
