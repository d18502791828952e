/** Characters of JSON that stand in one message; Temporal takes 2 MB, and a character may be four bytes. */
const most = 400_000;

/** Whether a value is too large to be handed over in a message of Temporal. */
export function isLarge(value: unknown): boolean {
  return JSON.stringify(value).length > most;
}
