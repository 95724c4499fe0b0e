import { Node } from "../../src/node/node-module.ts";
import { StringDevice } from "../../src/io/string-device.ts";
import { startNode } from "../../src/start-node.ts";

/**
 * Whether tests that need other nodes run: `describe.runIf(distributed)`, what `@tag :distributed` is in Elixir, whose
 * helper leaves them out where `Node.alive?()` is false. So does this, where no node can get a name and listen. They are
 * asked for with `DISTRIBUTED=1`, and then fail there; `DISTRIBUTED=0` leaves them out.
 */
export const distributed = await wanted();

async function wanted(): Promise<boolean> {
  const told = process.env["DISTRIBUTED"];
  if (told !== undefined) return told !== "0";
  try {
    const node = await startNode({ sname: "alive", cookie: "alive", device: new StringDevice(), log: () => undefined });
    const alive = await node.run(() => Node.isAlive());
    await node.stop();
    return alive;
  } catch {
    return false;
  }
}
