import { expect, it } from "vitest";
import { isThisMachine } from "../../lib/this-machine.ts";

it.each(["localhost", "LOCALHOST", "127.0.0.1", "127.0.0.53", "[::1]"])("%s is this machine", (host) => {
  expect(isThisMachine(host)).toBe(true);
});

it.each(["", "localhost.evil.example", "127.0.0.1.evil.example", "10.0.0.1", "abcd.supabase.co", "::1", "mylocalhost"])(
  "%j is not",
  (host) => {
    expect(isThisMachine(host)).toBe(false);
  },
);
