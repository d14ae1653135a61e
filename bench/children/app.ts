// The app as `npm run dev` serves it, without anything embedded: node app.ts [port]
import { startApp } from "../../dev/app.ts";
import { provideBackground } from "../../dev/background.ts";
import { ready } from "./ready.ts";

// A browser has no https to it.
process.env.LOCAL_DEVELOPMENT = "true";
provideBackground();
const { url, close } = await startApp(
  Number(process.argv[2] ?? 0),
  Promise.resolve(async () => null),
);
ready({ url }, close);
