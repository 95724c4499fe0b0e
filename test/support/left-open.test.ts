import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { leftOpen, opened } from "./left-open.ts";

describe("opened()", () => {
  test("counts each kind, so a second server beside a known one is told", () => {
    expect(opened(["TCPServerWrap", "PipeWrap"], ["PipeWrap", "TCPServerWrap", "TCPServerWrap"])).toEqual([
      "TCPServerWrap",
    ]);
  });

  test("says nothing of reads and turns that are under way", () => {
    expect(opened([], ["FSReqPromise", "Immediate"])).toEqual([]);
  });
});

describe("leftOpen()", () => {
  test("names a listening server and a child process until they are gone", async () => {
    const before = process.getActiveResourcesInfo();
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
    const now = opened(before, process.getActiveResourcesInfo());
    expect(now).toContain("TCPServerWrap");
    expect(now).toContain("ProcessWrap");
    server.close();
    child.stdin.end();
    expect(await leftOpen(before)).toEqual([]);
  });
});
