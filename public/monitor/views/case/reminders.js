/** @import { Thread } from "../../data/types.js" */
import { h } from "../../lib/dom.js";
import { t } from "../../lib/i18n.js";
import { full } from "../../lib/time.js";
import { actOnCase } from "./act-on-case.js";
import { askForm } from "./ask-form.js";

/** When the customer is reminded, or why not; null if there are no reminders. @param {Thread} thread */
export function reminderLine({ id, reminders }) {
  if (!reminders || reminders.hold === "off") return null;
  const { next_at, step, hold, paused_until, texts } = reminders;
  const words = next_at && step ? t.reminders.next(step, full(next_at)) : t.reminders.none;
  const why = hold && t.reminders.holds[hold];
  return h(
    "p",
    { class: "case-reminder" },
    h("span", {}, why ? `${words} · ${why}` : words),
    paused_until ? button(t.reminders.resume, () => pause(id, null)) : button(t.reminders.pause, () => choosePause(id)),
    texts && button(t.reminders.texts, () => writeTexts(texts)),
  );
}

/** @param {string} words @param {() => unknown} click */
const button = (words, click) =>
  h("button", { type: "button", class: "button quiet", click: () => void click() }, words);

/** @param {number} conversation_id @param {string | null} paused_until */
const pause = (conversation_id, paused_until) => actOnCase({ action: "reminders", conversation_id, paused_until });

/** @param {number} id */
const choosePause = (id) =>
  askForm(
    {
      title: t.reminders.pauseTitle,
      fields: [
        {
          name: "until",
          label: t.reminders.until,
          options: [
            { value: "day", label: t.reminders.untilDay },
            { value: "never", label: t.reminders.never },
          ],
        },
        {
          name: "day",
          label: t.reminders.day,
          type: "date",
          value: new Date(Date.now() + 604_800_000).toJSON().slice(0, 10),
        },
      ],
    },
    ({ until, day = "" }) => pause(id, until === "never" ? "never" : day || null),
  );

/** @param {{ text: string, preview: string }[]} texts */
const writeTexts = (texts) =>
  askForm(
    {
      title: t.reminders.texts,
      text: t.reminders.textsHelp,
      fields: texts.map(({ text, preview }, i) => ({
        name: `text${i}`,
        label: t.reminders.text(i + 1),
        value: text,
        long: true,
        hint: t.reminders.preview(preview),
      })),
    },
    (said) => actOnCase({ action: "reminder_texts", texts: texts.map((_, i) => said[`text${i}`] || null) }),
  );
