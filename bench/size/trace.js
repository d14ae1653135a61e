// @ts-check
// What a built function loads at once, and what the `import()`s in its code can load later:
// node trace.js <module> <[{ from, specifier }] as JSON>
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

const [, , module = "", lazy = "[]"] = process.argv;
const AS_FROM = "bench-as-from:";
let loaded = new Set();
registerHooks({
  resolve: (asked, context, next) => {
    const { from, specifier } = asked.startsWith(AS_FROM)
      ? JSON.parse(decodeURIComponent(asked.slice(AS_FROM.length)))
      : { from: context.parentURL, specifier: asked };
    const resolved = next(specifier, { ...context, parentURL: from });
    loaded.add(resolved.url);
    return resolved;
  },
});
await import(pathToFileURL(module).href);
const atOnce = loaded;
loaded = new Set();
for (const place of JSON.parse(lazy)) await import(AS_FROM + encodeURIComponent(JSON.stringify(place)));
process.stdout.write(JSON.stringify({ atOnce: [...atOnce], later: [...loaded] }));
process.exit();
