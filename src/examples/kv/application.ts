import { Node } from "../../node/node-module.ts";
import { defineApplication } from "../../otp/application-spec.ts";
import { DynamicSupervisor } from "../../otp/dynamic-supervisor.ts";
import { Registry } from "../../otp/registry.ts";
import { Supervisor } from "../../otp/supervisor.ts";
import { Task } from "../../otp/task.ts";
import { BUCKET_SUPERVISOR, REGISTRY, ROUTER_TASKS, SERVER_TASKS } from "./kv.ts";
import "./bucket.ts";
import { Server } from "./server.ts";
import { nodesFromSettings, portFromSettings } from "./settings.ts";

/** The distributed key-value store: buckets, the tasks that route to them, and a server for clients. */
export default defineApplication({
  name: "kv",
  description: "A distributed key-value store",
  env: {
    /** See `KV.Router`: `[["a", "m", "foo@localhost"], ["n", "z", "bar@localhost"]]`. */
    routingTable: [],
    /** Whether buckets are known to their node (`"local"`) or to all that are connected (`"global"`). */
    naming: "local",
  },
  async start() {
    const port = portFromSettings();
    // One that is not there yet will connect to us: it has been told the same.
    await Promise.all(nodesFromSettings().map((node) => Node.connect(node)));
    return Supervisor.startLink(
      [
        [Registry, { keys: "unique", name: REGISTRY }],
        [DynamicSupervisor, { name: BUCKET_SUPERVISOR }],
        [Task.Supervisor, { name: ROUTER_TASKS }],
        [Task.Supervisor, { name: SERVER_TASKS, maxChildren: 1000 }],
        [Server, port],
      ],
      { strategy: "oneForOne", name: "KV.Supervisor" },
    );
  },
});
