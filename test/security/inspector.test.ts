import { connect } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { StringDevice } from "../../src/io/string-device.ts";
import { Node } from "../../src/node/node-module.ts";
import { rpc } from "../../src/node/rpc.ts";
import { startNode } from "../../src/start-node.ts";
import { freePort } from "../../scripts/free-port.ts";
import { numbers } from "../support/processes.ts";
import { startPeer } from "../support/peer.ts";

const SLOW = Math.max(180_000, Number(process.env["MOEBI_TEST_TIMEOUT"] ?? 0));

/** Whether something listens there. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port });
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}

test("W4, B18: SIGUSR1 opens no inspector, and the node goes on", { timeout: SLOW }, async () => {
  const port = await freePort();
  const probe = 'const Probe = { async url() { return (await import("node:inspector")).url() ?? "none" } }';
  await using peer = await startPeer("kate", {
    statements: [probe],
    flags: [`--inspect-port=127.0.0.1:${String(port)}`],
  });
  const alex = await startNode({ sname: "alex", device: new StringDevice() });
  onTestFinished(() => alex.stop());
  await alex.run(async () => {
    expect(await Node.ping("kate@localhost")).toBe("pong");
    peer.kill("SIGUSR1");
    // Each answer is a turn of its event loop, in which the signal would have been acted on.
    for (const _ of numbers(50)) expect(await rpc.call("kate@localhost", "Probe", "url")).toBe("none");
  });
  expect(await listens(port)).toBe(false);
  expect(peer.output).not.toContain("Debugger");
});
