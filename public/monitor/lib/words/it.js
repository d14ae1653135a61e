import codes from "./it/codes.js";
import contact from "./it/contact.js";
import page from "./it/page.js";
import thread from "./it/thread.js";

export default { ...codes, ...contact, ...page, ...thread };
