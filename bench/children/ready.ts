/** Sends the address of this process to the bench. The process ends with the bench, or when that no longer needs it. */
export function ready(message: object, close: () => Promise<void>): void {
  process.once("disconnect", () => void close().finally(() => process.exit()));
  process.send?.(message);
}
