import type { Socket } from "node:net";
import { exit } from "../../process/exit.ts";
import { Process } from "../../process/process-module.ts";
import { hasCode } from "../../term/error.ts";
import { Command } from "./command.ts";
import { linesOf } from "./lines.ts";

/** Longer than any command: whoever sends more is not a client of ours. */
const MAX_LINE_BYTES = 64 * 1024;

/**
 * Serves one client until it hangs up: the life of a task of its own, so that whatever happens to it happens to nobody else.
 * A client whose command failed for another reason than its own hears `ERROR`, and is on its own again.
 */
export async function serve(socket: Socket): Promise<void> {
  // The socket lives no longer than the process, however that ends.
  Process.signal().addEventListener("abort", () => socket.destroy(), { once: true });
  try {
    for await (const line of linesOf(received(socket), MAX_LINE_BYTES)) await send(socket, await answer(line));
  } catch (error) {
    if (!socket.destroyed) await send(socket, "ERROR\r\n");
    // Not worth a line in the log: it says nothing of the store.
    if (hasCode(error, "line_too_long")) exit("shutdown");
    throw error;
  } finally {
    socket.destroySoon();
  }
}

async function answer(line: string): Promise<string> {
  try {
    return await Command.run(Command.parse(line));
  } catch (error) {
    if (hasCode(error, "unknown_command")) return "UNKNOWN COMMAND\r\n";
    if (hasCode(error, "not_found")) return "NOT FOUND\r\n";
    throw error;
  }
}

/** What a client sends, no faster than it is served. A line that breaks ends the process, and is no failure. */
async function* received(socket: Socket): AsyncGenerator<Uint8Array, void> {
  try {
    yield* socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch {
    exit("shutdown");
  }
}

/** Sends, and waits until it is on its way: a client that does not read is not served. */
async function send(socket: Socket, text: string): Promise<void> {
  const error = await new Promise<Error | null | undefined>((resolve) => socket.write(text, resolve));
  if (error) exit("shutdown");
}
