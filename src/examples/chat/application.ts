import { Task } from "../../otp/task.ts";
import { SUPERVISOR } from "./chat.ts";

/** Starts the supervisor under which every node's messages are received. */
export function start(): Promise<unknown> {
  return Task.Supervisor.startLink({ name: SUPERVISOR });
}
