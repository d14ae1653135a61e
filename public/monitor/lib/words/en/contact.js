import { count, numbers } from "../../plural.js";

const number = numbers("en-GB");

/** @type {typeof import("../it/contact.js").default} */
export default {
  hours: {
    closedUntil: (when) => (when ? `outside hours, goes on ${when}` : "outside hours"),
    today: "today",
    tomorrow: "tomorrow",
    at: (time) => `at ${time}`,
    dayAt: (day, time) => `${day} at ${time}`,
  },
  restricted: {
    what: (since) => `WhatsApp has restricted our number, ${since}.`,
    until: (until) =>
      until
        ? `Messages to people who have never written to us are held until ${until}, then one is tried; the others go out.`
        : "To people who have never written to us a single message is tried; the others go out.",
    todo: "Wait: do not scan the QR code again and do not raise the pace.",
    ask: {
      title: "Resume the first messages?",
      text: "WhatsApp has restricted the number: if it still does, each further message makes it last longer. Resume only if the phone can write to a new number.",
      yes: "Resume anyway",
      no: "Wait",
    },
  },
  lights: {
    answers: (answered, of) => `${number(answered)} ${count(answered, "answer", "answers")} of ${number(of)}`,
    answersHelp:
      "In the last seven days: how many of the first messages, to people who had never written to us, were answered. If few are, WhatsApp may restrict the number.",
    undelivered: (n) => `${number(n)} never delivered`,
    undeliveredHelp:
      "Sent more than 48 hours ago, in the last thirty days, and never arrived on the phone: better call.",
    never: "never delivered",
    neverHelp: "Never delivered: in 48 hours it has not arrived on the phone. Better call.",
  },
  objection: {
    badge: "objection",
    askedBadge: "to decide",
    what: "Wants no automatic messages",
    byCustomer: (time) => `the customer wrote so, ${time}`,
    byStaff: (name, time) => `noted by ${name}, ${time}`,
    reason: (reason) => `“${reason}”`,
    asked: "They may want no more messages: please decide. Automatic messages wait meanwhile.",
    askedAgain: "They have written again: do they want messages? None goes until somebody decides.",
    objects: "Wants no messages",
    doesNot: "May get them",
    keep: "Leave it so",
    set: "Note that they want no messages",
    lift: "Lift the objection",
    label: "Why",
    hint: "It is kept with your name.",
    missing: "Write the reason.",
    cancel: "Cancel",
    wrote: (text) => `wrote: ${text}`,
    ask: {
      set: {
        title: "Does the customer want no messages?",
        text: "Automatic messages that wait are cancelled and no others go, not even after the next calls.",
        yes: "Note the objection",
      },
      none: {
        title: "May they get messages?",
        text: "The automatic messages that wait go out.",
        yes: "May get them",
      },
      lift: {
        title: "Lift the objection?",
        text: "Only if the customer asked for it: after the next call they get an automatic message again.",
        yes: "Lift the objection",
      },
    },
    done: {
      set: "Noted: wants no automatic messages.",
      none: "Decided: may get messages.",
      lift: "Objection lifted.",
    },
  },
  reply: {
    now: "at once",
    hours: (when) => `when hours begin, ${when}`,
    why: "Outside hours, and the customer has not written for 24 hours. Send it:",
    objection: "This customer wants no messages: you will be asked before it is sent.",
    despite: {
      title: "Write to somebody who wants no messages?",
      text: "This customer asked not to get messages. Write only if it is needed, for example to answer a question of theirs.",
      yes: "Send anyway",
    },
  },
};
