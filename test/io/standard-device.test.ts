import { EventEmitter } from "node:events";
import { describe, expect, test, vi } from "vitest";
import { StandardDevice } from "../../src/io/standard-device.ts";

describe("StandardDevice", () => {
  test("prints on standard output, failures on standard error, and reads nothing", async () => {
    const [out, err] = [
      vi.spyOn(process.stdout, "write").mockReturnValue(true),
      vi.spyOn(process.stderr, "write").mockReturnValue(true),
    ];
    const device = new StandardDevice();
    expect(device.write("text")).toBeUndefined();
    device.writeError("failure");
    expect([out.mock.calls, err.mock.calls]).toEqual([[["text"]], [["failure"]]]);
    vi.restoreAllMocks();
    expect(await device.readLine()).toBeNull();
  });

  test("waits while standard output pushes back", async () => {
    vi.spyOn(process.stdout, "write").mockReturnValue(false);
    const once = vi.spyOn(process.stdout, "once").mockImplementation((event, listener) => {
      new EventEmitter().once(event, listener).emit(event);
      return process.stdout;
    });
    await new StandardDevice().write("text");
    expect(once.mock.calls[0]?.[0]).toBe("drain");
  });
});
