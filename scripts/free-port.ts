import { once } from "node:events";
import { createServer } from "node:net";

/** Ports below those that the system gives to whoever asks for any: no other program's socket gets one by chance. */
const [FROM, TO] = [10_000, 32_000];

/** A TCP port of loopback that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FROM + Math.floor(Math.random() * (TO - FROM));
    const server = createServer();
    const free = await new Promise<boolean>((resolve) => {
      server.once("error", () => resolve(false));
      server.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!free) continue;
    server.close();
    await once(server, "close");
    return port;
  }
}
