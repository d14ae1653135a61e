import bill from "./it/bill.js";
import caseWords from "./it/case.js";
import codes from "./it/codes.js";
import contact from "./it/contact.js";
import page from "./it/page.js";
import reminders from "./it/reminders.js";
import thread from "./it/thread.js";
import todo from "./it/todo.js";

export default { ...bill, ...caseWords, ...codes, ...contact, ...page, ...reminders, ...thread, ...todo };
