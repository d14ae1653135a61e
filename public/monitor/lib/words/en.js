import codes from "./en/codes.js";
import contact from "./en/contact.js";
import page from "./en/page.js";
import thread from "./en/thread.js";

/** @type {typeof import("./it.js").default} */
export default { ...codes, ...contact, ...page, ...thread };
