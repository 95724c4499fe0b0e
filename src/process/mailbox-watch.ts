import type { Process } from "./process.ts";

const CHANGES = ["push", "shift", "take", "drop", "clear"] as const;

/**
 * Calls back whenever the mailbox of a process changes. Gives a function that ends it. Costs other processes nothing:
 * the one mailbox gets methods of its own.
 */
export function watchMailbox(process: Process, listener: () => void): () => void {
  const mailbox = process.mailbox as unknown as Record<string, (...args: unknown[]) => unknown>;
  for (const name of CHANGES) {
    const original = mailbox[name];
    if (original === undefined) continue;
    Object.defineProperty(mailbox, name, {
      configurable: true,
      value: (...args: unknown[]) => {
        const before = process.mailbox.length;
        const result = original.apply(mailbox, args);
        if (process.mailbox.length !== before) listener();
        return result;
      },
    });
  }
  return () => {
    for (const name of CHANGES) Reflect.deleteProperty(mailbox, name);
  };
}
