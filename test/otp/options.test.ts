import { describe, expect, test } from "vitest";
import "../../src/library.ts";
import { checkOptions } from "../../src/otp/options.ts";
import { Agent } from "../../src/otp/agent.ts";
import { DynamicSupervisor } from "../../src/otp/dynamic-supervisor.ts";
import { GenServer, type GenServerOptions } from "../../src/otp/gen-server.ts";
import { PartitionSupervisor } from "../../src/otp/partition-supervisor.ts";
import { Registry } from "../../src/otp/registry.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Task } from "../../src/otp/task.ts";
import { Process } from "../../src/process/process-module.ts";
import { Runtime } from "../../src/process/runtime.ts";
import { inProcess } from "../support/in-process.ts";

describe("checkOptions()", () => {
  test("passes what there is, whether it is given or not", () => {
    expect(() => checkOptions("A server", {}, ["name"])).not.toThrow();
    expect(() => checkOptions("A server", { name: undefined }, ["name", "timeout"])).not.toThrow();
  });

  test("names what there is not, and what there is", () => {
    expect(() => checkOptions("A server", { other: 1 }, ["name", "timeout"])).toThrow(
      'A server has no option "other"; it has name, timeout',
    );
    expect(() => checkOptions("A server", { nmae: 1 }, ["name", "timeout"])).toThrow(
      'A server has no option "nmae"; did you mean name?',
    );
  });

  test.each([[null], [5], ["name"], [["name"]]])("takes no %j for options", (options) => {
    expect(() => checkOptions("A server", options, ["name"])).toThrow("The options of A server are an object, not ");
  });
});

class Server extends GenServer {
  handleCall(): void {}
}
class Top extends Supervisor {
  override init() {
    return { children: [], strategy: "oneForOne", maxRestart: 10 } as const;
  }
}
const agent = { id: "a", start: [Agent, "startLink", [() => 1]] } as const;
/** As from a prompt, where nothing checks types. */
const written = <T>(options: object): T => options as T;

describe("a misspelt option is an error that names it, and nothing is started", () => {
  test.each<[string, () => unknown]>([
    ["GenServer.start()", () => GenServer.start(Server, 1, written<GenServerOptions>({ nam: "x" }))],
    ["GenServer.startLink()", () => GenServer.startLink(Server, 1, written<GenServerOptions>({ nam: "x" }))],
    ["Agent.start()", () => Agent.start(() => 1, written({ nam: "x" }))],
    ["Registry.startLink()", () => Registry.startLink(written({ keys: "unique", name: "R", nam: "x" }))],
    ["Supervisor.startLink()", () => Supervisor.startLink([], written({ strategy: "oneForOne", nam: "x" }))],
    ["DynamicSupervisor.startLink()", () => DynamicSupervisor.startLink(written({ nam: "x" }))],
    [
      "PartitionSupervisor.startLink()",
      () => PartitionSupervisor.startLink(written({ name: "P", childSpec: agent, nam: "x" })),
    ],
    ["Task.Supervisor.startLink()", () => Task.Supervisor.startLink(written({ nam: "x" }))],
    ["Task.asyncStream()", () => Task.asyncStream([1], (n: number) => n, written({ nam: "x" }))],
    ["a child", () => Supervisor.startLink([{ ...agent, nam: "x" } as never], { strategy: "oneForOne" })],
  ])("%s", async (_, start) => {
    await inProcess(new Runtime(), async () => {
      await expect((async () => start())()).rejects.toThrow(/has no (option|field) "nam"/);
    });
  });

  test("the init of a supervisor's class", async () => {
    await inProcess(new Runtime(), async () => {
      Process.flag("trapExit", true);
      await expect(Supervisor.startLink(Top)).rejects.toThrow('has no option "maxRestart"');
    });
  });
});
