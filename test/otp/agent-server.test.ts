import { expect, test } from "vitest";
import { AgentServer, runAgentCall } from "../../src/otp/agent-server.ts";
import { current } from "../../src/process/context.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { inProcess } from "../support/in-process.ts";

const runtime = new Runtime({ log: () => undefined });
runtime.modules.define("Sum", { add: (a: number, b = 1) => a + b });

test("runAgentCall() runs a function, or a module's, on what it is given and then its arguments", async () => {
  expect(await runAgentCall(runtime, () => 1)).toBe(1);
  expect(await runAgentCall(runtime, (n: number) => n + 1, 1)).toBe(2);
  expect(await runAgentCall(runtime, ["Sum", "add", [3]])).toBe(4);
  expect(await runAgentCall(runtime, ["Sum", "add", [3]], 4)).toBe(7);
  await expect(runAgentCall(runtime, "Sum")).rejects.toThrow("Give a function");
});

test("an agent understands Elixir's requests, and ends by any other", async () => {
  await inProcess(runtime, async () => {
    const agent = new AgentServer(current(), 1, undefined);
    expect(await agent.handleCall(["update", ["Sum", "add", [1]]])).toBe("ok");
    await agent.handleCast(["cast", ["Sum", "add", [1]]]);
    expect(await agent.handleCall(["get_and_update", (n: number) => [n, 7]])).toBe(3);
    expect(agent.getState()).toBe(7);
    expect(agent.replaceState(() => 8)).toBe(8);
    for (const request of ["get", ["what"]]) {
      await expect(agent.handleCall(request)).rejects.toMatchObject({ reason: ["bad_call", request] });
      await expect(agent.handleCast(request)).rejects.toMatchObject({ reason: ["bad_cast", request] });
    }
  });
});
