import bill from "./en/bill.js";
import caseWords from "./en/case.js";
import codes from "./en/codes.js";
import contact from "./en/contact.js";
import page from "./en/page.js";
import reminders from "./en/reminders.js";
import thread from "./en/thread.js";
import todo from "./en/todo.js";

/** @type {typeof import("./it.js").default} */
export default { ...bill, ...caseWords, ...codes, ...contact, ...page, ...reminders, ...thread, ...todo };
