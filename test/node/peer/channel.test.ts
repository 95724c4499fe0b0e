import { describe, expect, test } from "vitest";
import { type Notice, notify, peerMeans, providePeers, rememberFile, Terms } from "../../../src/node/peer/channel.ts";
import { Runtime } from "../../../src/process/runtime.ts";

const provided = {
  functions: { encode: () => ({ source: "", captures: {} }), decode: () => () => undefined },
  modules: { nameOf: () => undefined, resolve: () => undefined },
  cookie: () => "a cookie",
  files: new Set<string>(),
};

describe("Terms", () => {
  test("carry terms from one program to the other, with the pids of both", () => {
    const [a, b] = [new Runtime({ name: "a@h" }), new Runtime({ name: "b@h" })];
    const out = new Terms(a, provided, { node: b.name, creation: b.creation });
    const back = new Terms(b, provided, { node: a.name, creation: a.creation });
    const term = ["call", 1, new Map([["x", 1n]]), a.makePid(), b.makePid()];
    const notice = out.encode(term) as Extract<Notice, { term: unknown }>;
    expect(back.decode(notice.term)).toEqual(term);
    expect(() => out.encode([Symbol("no")])).toThrow(expect.objectContaining({ code: "not_sendable" }) as Error);
  });
});

test("notify() loses what is for a program that is gone", () => {
  const sent: Notice[] = [];
  const send = (notice: Notice): boolean => sent.push(notice) > 0;
  notify({ connected: true, send }, { end: "halt" });
  notify({ connected: false, send }, { end: "stop" });
  notify({ connected: true }, { end: "stop" });
  expect(sent).toEqual([{ end: "halt" }]);
});

test("rememberFile() keeps files for the peers of a node", () => {
  const runtime = new Runtime();
  rememberFile(runtime, "lost.ts");
  expect(peerMeans(runtime)).toBeUndefined();
  providePeers(runtime, provided);
  rememberFile(runtime, "kept.ts");
  expect([...(peerMeans(runtime)?.files ?? [])]).toEqual(["kept.ts"]);
});
