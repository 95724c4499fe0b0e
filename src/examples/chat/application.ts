import { defineApplication } from "../../otp/application-spec.ts";
import { Supervisor } from "../../otp/supervisor.ts";
import { Task } from "../../otp/task.ts";
import { SUPERVISOR } from "./chat.ts";

/** The chat: the supervisor under which every node's messages are received. */
defineApplication({
  name: "chat",
  description: "Chat between nodes",
  start: () => Supervisor.startLink([[Task.Supervisor, { name: SUPERVISOR }]], { strategy: "oneForOne" }),
});
