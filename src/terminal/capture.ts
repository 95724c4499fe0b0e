import type { WriteStream } from "node:tty";

/** Sends what is written to `stream` to `write` instead, which says whether there is room for more. Returns how to stop. */
export function capture(stream: WriteStream, write: (text: string) => void | Promise<void>): () => void {
  const original = Object.getOwnPropertyDescriptor(stream, "write");
  const decoder = new TextDecoder();

  const captured = (chunk: string | Uint8Array, encoding?: unknown, callback?: unknown): boolean => {
    const room = write(typeof chunk === "string" ? chunk : decoder.decode(chunk, { stream: true }));
    const done = typeof encoding === "function" ? encoding : callback;
    if (typeof done === "function") void Promise.resolve(room).then(() => (done as (error?: null) => void)(null));
    if (room) void room.then(() => stream.emit("drain"));
    return room === undefined;
  };

  Object.defineProperty(stream, "write", { value: captured, configurable: true, writable: true });
  return () => {
    if (original) Object.defineProperty(stream, "write", original);
    else Reflect.deleteProperty(stream, "write");
  };
}

/** Captures what is written to `stdout`, and to standard error where that is the same terminal. Returns how to stop each. */
export function captureAll(stdout: WriteStream, write: (text: string) => void | Promise<void>): (() => void)[] {
  const captures = [capture(stdout, write)];
  if (stdout === process.stdout && process.stderr.isTTY) captures.push(capture(process.stderr, write));
  return captures;
}
