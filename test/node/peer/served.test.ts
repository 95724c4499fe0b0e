import "../../../src/library.ts";
import { expect, test } from "vitest";
import { type Notice, peerMeans, Terms } from "../../../src/node/peer/channel.ts";
import { servePeer } from "../../../src/node/peer/served.ts";
import { startNode } from "../../../src/start-node.ts";

test("servePeer() applies what its owner asks for, and answers by number", async () => {
  const node = await startNode();
  try {
    const means = peerMeans(node.runtime);
    if (means === undefined) throw new Error("No means");
    const owner = { node: "owner@h", creation: 7 } as const;
    const terms = new Terms(node.runtime, means, owner);
    const answers: unknown[] = [];
    const both = Promise.withResolvers<undefined>();
    const send = (notice: Notice): boolean => {
      if (answers.push(terms.decode((notice as { term: Uint8Array }).term)) === 2) both.resolve(undefined);
      return true;
    };
    const server = servePeer(node, { connected: true, send }, owner);
    const ask = (...term: readonly unknown[]): void => server.handle((terms.encode(term) as { term: Uint8Array }).term);
    ask("call", 1, "Kernel", "node", []);
    ask("call", 2, "Process", "nothing", []);
    ask("cast", "Kernel", "nothing", []);
    ask("send", "nobody", "lost");
    await both.promise;
    expect(answers).toContainEqual(["reply", 1, ["ok", "nonode@nohost"]]);
    expect(answers).toContainEqual(["reply", 2, ["error", expect.objectContaining({ code: "undef" })]]);
  } finally {
    await node.stop();
  }
});
