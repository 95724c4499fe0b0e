import { describe, expect, test } from "vitest";
import { BaseChannel, formatAddress, parseAddress } from "../../../src/node/wire/transport.ts";

describe("formatAddress() and parseAddress()", () => {
  test.each([
    [{ host: "127.0.0.1", port: 4000 }, "127.0.0.1:4000"],
    [{ host: "::1", port: 1 }, "[::1]:1"],
    [{ host: "kate.example", port: 65535 }, "kate.example:65535"],
  ])("agree on %j", (address, text) => {
    expect(formatAddress(address)).toBe(text);
    expect(parseAddress(text)).toEqual(address);
  });

  test("give port 0 for what is no address", () => {
    expect(parseAddress("nonsense").port).toBe(0);
    expect(parseAddress("").port).toBe(0);
  });
});

class TestChannel extends BaseChannel {
  readonly bufferedBytes = 0;
  readonly localAddress = "";
  readonly remoteAddress = "";
  readonly binding = new Uint8Array(0);
  readonly peerNames = undefined;
  send(): void {}
  close(): void {}
  terminate(): void {}
  pause(): void {}
  resume(): void {}
  arrive(...bytes: number[]): void {
    for (const byte of bytes) this.received(Uint8Array.of(byte));
  }
  end(code: number): void {
    this.ended(code, "");
  }
}

describe("BaseChannel", () => {
  test("passes from one receiver to the next without losing or reordering", async () => {
    const channel = new TestChannel();
    const heard: string[] = [];
    channel.arrive(1);
    channel.onMessage = (frame) => {
      heard.push(`first ${frame[0]}`);
      if (frame[0] === 2) channel.onMessage = undefined;
    };
    channel.arrive(2, 3);
    await Promise.resolve();
    expect(heard).toEqual(["first 1", "first 2"]);
    channel.arrive(4);
    channel.onMessage = (frame) => void heard.push(`second ${frame[0]}`);
    channel.arrive(5);
    await Promise.resolve();
    expect(heard.slice(2)).toEqual(["second 3", "second 4", "second 5"]);
  });

  test("tells the end once, after the messages, also to who asks late", async () => {
    const channel = new TestChannel();
    const heard: unknown[] = [];
    channel.arrive(1);
    channel.end(1000);
    channel.end(1006);
    channel.onClose = (code) => heard.push(code);
    channel.onMessage = (frame) => heard.push(frame[0]);
    await Promise.resolve();
    await Promise.resolve();
    expect(heard).toEqual([1, 1000]);
  });
});
