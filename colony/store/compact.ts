/** Messages before they cross to the store's thread: a Buffer is often a view of a larger one, which would be copied whole. */

/** The message with every bytes field in memory of its own. */
export function compact<Message extends object>(message: Message): Message {
  const entries = Object.entries(message).map(([key, value]) => [
    key,
    value instanceof Uint8Array ? new Uint8Array(value) : value,
  ]);
  return Object.fromEntries(entries) as Message;
}

/** The size of the bytes fields of a message, and of the messages in it. */
export function bytesIn(message: object): number {
  return Object.values(message).reduce(
    (sum: number, value: unknown) => sum + (value instanceof Uint8Array ? value.length : inList(value)),
    0,
  );
}

const inList = (value: unknown): number =>
  Array.isArray(value)
    ? value.reduce((sum: number, item: unknown) => sum + (typeof item === 'object' && item ? bytesIn(item) : 0), 0)
    : 0;
