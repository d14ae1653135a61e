import codes from "./it/codes.js";
import page from "./it/page.js";
import thread from "./it/thread.js";

export default { ...codes, ...page, ...thread };
