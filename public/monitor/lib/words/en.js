import codes from "./en/codes.js";
import page from "./en/page.js";
import thread from "./en/thread.js";

/** @type {typeof import("./it.js").default} */
export default { ...codes, ...page, ...thread };
