import { expect, onTestFinished, test, vi } from "vitest";
import { System } from "../../src/node/system.ts";

test("System.stop() tells the program to end, as its supervisor would, with the status given", async () => {
  onTestFinished(() => void (process.exitCode = undefined));
  const told = Promise.withResolvers<unknown[]>();
  vi.spyOn(process, "kill").mockImplementation((...args) => {
    told.resolve(args);
    return true;
  });
  expect(System.stop(3)).toBe("ok");
  expect(process.exitCode).toBe(3);
  expect(await told.promise).toEqual([process.pid, "SIGTERM"]);
});

test("refuses what is no exit status", () => {
  for (const status of [-1, 256, 1.5, "0"])
    expect(() => System.stop(status as number)).toThrow(expect.objectContaining({ code: "badarg" }));
});
