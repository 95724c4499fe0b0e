import { afterAll, beforeAll, expect, test } from "vitest";
import "../../src/library.ts";
import { erpc } from "../../src/node/erpc.ts";
import { Node } from "../../src/node/node-module.ts";
import { Supervisor } from "../../src/otp/supervisor.ts";
import { Task } from "../../src/otp/task.ts";
import { formatExit } from "../../src/process/format-exit.ts";
import { Process } from "../../src/process/process-module.ts";
import { self } from "../../src/process/spawn.ts";
import { type Cluster, startCluster } from "../../src/testing/cluster.ts";
import { realTime } from "../support/network.ts";
import { exitOf, mailbox } from "../support/processes.ts";
import { Remote } from "../support/remote.ts";

const B = "b@localhost";

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster(["a", "b"]);
  await cluster.run("b", async () => {
    Process.unlink(await Supervisor.startLink([["Task.Supervisor", { name: "Tasks" }]], { strategy: "oneForOne" }));
  });
});
afterAll(() => cluster[Symbol.asyncDispose]());

test("TASKSUP-006: on a node that is not there, async exits and says so", async () => {
  await cluster.run("a", async () => {
    const reason = await exitOf(() => Task.Supervisor.async(["Tasks", "absent@localhost"], Remote, "where", []));
    expect(reason).toEqual([
      ["nodedown", "absent@localhost"],
      ["Task.Supervisor", "async", [["Tasks", "absent@localhost"], Remote, "where", []]],
    ]);
    expect(formatExit(reason)).toMatch(
      /^exited in: Task\.Supervisor\.async\(.*\n {4}\*\* \(EXIT\) no connection to absent@localhost$/u,
    );
  });
});

test("TASKSUP-007: on a node that is up, without such a supervisor, async exits with noproc", async () => {
  await cluster.run("a", async () => {
    const reason = await exitOf(() => Task.Supervisor.async(["Nobody", B], Remote, "where", []));
    expect(reason).toMatchObject(["noproc", ["Task.Supervisor", "async", [["Nobody", B], Remote, "where", []]]]);
    expect(formatExit(reason)).toContain("** (EXIT) no process: ");
    expect([Node.list(), Process.alive(self())]).toEqual([[B], true]);
  });
});

test("TASKSUP-010: after an await that timed out, an unlinked task on another node is still among the children", async () => {
  await cluster.run("a", async () => {
    const task = await Task.Supervisor.asyncNolink(["Tasks", B], Remote, "wait", []);
    expect(task.pid?.node).toBe(B);
    expect(await exitOf(() => Task.await(task, 50))).toEqual(["timeout", ["Task", "await", [task, 50]]]);
    expect(await Task.Supervisor.children(["Tasks", B])).toEqual([task.pid]);
    expect(await Task.Supervisor.terminateChild(["Tasks", B], task.pid!)).toBe("ok");
    expect([await erpc.call(B, Process, "alive", [task.pid!]), mailbox()]).toEqual([false, []]);
  });
});

test.skipIf(realTime)("TASK-013: await exits when the task's node goes down, and names the node", async () => {
  await using own = await startCluster(["a", "b"]);
  await own.run("b", () => Task.Supervisor.start({ name: "Tasks" }));
  let task: Task | undefined;
  const awaiting = own.at("a").node.run(async () => {
    task = await Task.Supervisor.asyncNolink(["Tasks", B], Remote, "wait", []);
    return exitOf(() => Task.await(task as Task));
  });
  await own.advance(10);
  expect(task?.pid?.node).toBe(B);
  await own.kill("b");
  expect(await own.drive(awaiting)).toEqual([
    ["nodedown", B],
    ["Task", "await", [task, 5000]],
  ]);
});
