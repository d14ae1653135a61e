import { count, numbers } from "../../plural.js";

const number = numbers("en-GB");

/** @type {typeof import("../it/thread.js").default} */
export default {
  thread: {
    label: "Conversation",
    back: "Back to the conversations",
    call: "Call",
    bill: "Bill received",
    billBy: (name, time) => `marked by ${name}, ${time}`,
    billAt: (time) => `since ${time}`,
    loading: "Loading the conversation…",
    failed: "The conversation cannot be loaded.",
    missing: "This conversation no longer exists.",
    empty: "No messages with this customer yet.",
    older: "Show earlier messages",
    newMessages: (n) => count(n, "1 new message", `${n} new messages`),
    toBottom: "Go to the end",
    unreadHere: "Unread",
    ask: "Automatic request",
    reminder: "Automatic reminder",
    confirmation: "Automatic confirmation",
    manual: "Written on the phone",
    retry: "Try again",
    resend: "Send again",
    giveUp: "Give up",
    cancel: "Cancel sending",
    remove: "Remove",
    failedBecause: (reason) => (reason ? `Not sent: ${reason}` : "Not sent."),
    unknownBecause: (reason) =>
      `Nobody knows whether it arrived: ${reason || "Wasender did not say."} Look at WhatsApp on the phone before you send it again.`,
    notSaved: "Not sent yet: the system did not answer.",
    saving: "sending",
  },
  media: {
    pages: (n) => `${n} ${count(n, "page", "pages")}`,
    pending: "on its way…",
    failed: "file not fetched",
    deleted: "file deleted when its time was over",
    reasons: {
      gone: "it is no longer on WhatsApp.",
      tooLarge: "it is too large.",
      notDelivered: "WhatsApp did not deliver it.",
      notKept: "the system could not keep it.",
      broken: "it is broken, or not what it claims to be.",
    },
    onPhone: "open it on the phone",
    openNamed: (name) => `Open ${name}`,
  },
  bills: {
    count: (n) => `${n} ${count(n, "bill", "bills")}`,
    download: (name) => `Download ${name}`,
  },
  call: {
    incoming: "Call received",
    outgoing: "Call made",
    other: "Call",
    by: (name) => `with ${name}`,
    talked: (time) => `${time} of conversation`,
    lasted: (time) => `lasted ${time}`,
    answered: "Answered",
    missed: "Not answered",
    voicemail: "Voicemail",
    busy: "Busy",
    recording: "Listen to the recording",
    noMessage: "No message.",
    noMessageBecause: (reason) => `No message: ${reason}`,
    legacy: "A call kept by the previous system.",
    erased: "The customer’s data was erased.",
  },
  actionLine: (who, what, time) => `${who} ${what} at ${time}`,
  composer: {
    label: "Reply",
    placeholder: "Write a reply",
    send: "Send",
    hint: "Enter to send, Shift+Enter for a new line",
    noNumber: "WhatsApp has not told this customer’s number yet: you can reply as soon as it does.",
    paused: "Sending is paused: the reply will wait.",
    left: (left) => (left < 0 ? `${number(-left)} characters too many` : `${number(left)} characters left`),
  },
  ask: {
    resend: {
      title: "Send it again?",
      text: "Nobody knows whether the first message arrived: the customer might get it twice.",
      yes: "Send again",
    },
    give_up: {
      title: "Give this message up?",
      text: "It will not be sent any more. If the customer did not get it, somebody has to write by hand.",
      yes: "Give up",
    },
    cancel: {
      title: "Cancel this message?",
      text: "It leaves the queue and the customer does not get it.",
      yes: "Cancel sending",
      no: "Keep it",
    },
    pause: {
      title: "Pause all sending?",
      text: "No message goes out, to any customer, until somebody presses “Resume sending”.",
      yes: "Pause",
    },
    resume: {
      title: "Resume sending?",
      text: (n) =>
        n === 0
          ? "The next messages go out at once."
          : n === 1
            ? "The waiting message goes out at once and cannot be taken back."
            : `The ${number(n)} waiting messages start to go out, one at a time, and cannot be taken back.`,
      yes: "Resume sending",
    },
    tryAgain: {
      title: "Try now?",
      text: "If Wasender is not right yet, sending stops again: no message gets lost.",
      yes: "Try now",
    },
    no: "Cancel",
  },
  done: {
    retry: "The message is waiting again.",
    resend: "The message is waiting again.",
    give_up: "Message given up.",
    cancel: "Message cancelled.",
    pause: "Sending is paused.",
    resume: "Sending has resumed.",
    bill_set: "Marked: bill received.",
    bill_unset: "The mark “bill received” was removed.",
    notPossible: "No longer possible: its state has changed in the meantime.",
    failed: "It did not work: the system does not answer. Try again shortly.",
    refused: "It did not work: the system refused the request.",
  },
};
