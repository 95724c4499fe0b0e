import { expect, test } from "vitest";
import { Controller } from "../../../src/node/peer/controller.ts";
import { current } from "../../../src/process/context.ts";
import { receive } from "../../../src/process/receive.ts";
import { spawn } from "../../../src/process/spawn.ts";
import { Process } from "../../../src/process/process-module.ts";
import { startNode } from "../../../src/start-node.ts";
import { peerMeans } from "../../../src/node/peer/channel.ts";
import { ended } from "../../support/processes.ts";

test("A controller answers while its peer comes up, and takes the program with it however it ends", async () => {
  const node = await startNode();
  try {
    await node.run(async () => {
      const made = Promise.withResolvers<Controller>();
      const owner = spawn(async () => {
        const process = current();
        const means = peerMeans(process.runtime);
        if (means === undefined) throw new Error("No means");
        made.resolve(new Controller(process, { connection: "standardIo" }, [], means));
        process.trapExit = false;
        await receive();
      });
      const controller = await made.promise;
      expect(controller.node).toBe("nonode@nohost");
      expect(controller.handleCall(["get_state"], [owner, node.runtime.makeRef()])).toBe("booting");
      expect(controller.handleCall(["call", () => 1], [owner, node.runtime.makeRef()])).toEqual({
        failed: "noconnection",
      });
      const end = ended(owner);
      Process.exit(owner, "kill");
      expect(await end).toBe("killed");
    });
  } finally {
    await node.stop();
  }
});
