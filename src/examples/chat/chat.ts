import { IO } from "../../io/io.ts";
import { Application } from "../../otp/application.ts";
import { environmentName } from "../../otp/config.ts";
import type { ServerRef } from "../../otp/server-name.ts";
import { Task } from "../../otp/task.ts";
import { defmodule, node } from "../../process/kernel.ts";
import type { NodeName } from "../../term/pid.ts";

/** The name of the task supervisor that every node of the chat runs. */
export const SUPERVISOR = "Chat.TaskSupervisor";

/**
 * Where a message is received: as the setting `remoteSupervisor` says, a function of the recipient's node. Unless it is
 * set, at the recipient's; in the environment `test` here, so that tests need no other node.
 */
function supervisorFor(recipient: NodeName): ServerRef {
  const setting = Application.getEnv("chat", "remoteSupervisor") as ((recipient: NodeName) => ServerRef) | null;
  if (setting !== null) return setting(recipient);
  return environmentName() === "test" ? SUPERVISOR : [SUPERVISOR, recipient];
}

/**
 * Chat between nodes, and a small dog. A message is received by a task under the recipient's supervisor, so it is
 * printed at the recipient's terminal: a task prints where its supervisor does.
 */
export const Chat = defmodule("Chat", {
  /** Shows a message here. */
  receiveMessage(message: string): Promise<"ok"> {
    return IO.puts(message);
  },

  /** Shows a message to Moebi, and answers as he does. */
  async receiveMessageForMoebi(message: string, from: NodeName): Promise<unknown> {
    await IO.puts(message);
    // Not sendMessage: Moebi writing to himself would be asked again for ever.
    return Chat.spawnTask("receiveMessage", from, ["chicken?"]);
  },

  /** Sends a message to a node and waits until it has been shown there. Exits if there is no such node. */
  sendMessage(recipient: NodeName, message: string): Promise<unknown> {
    if (recipient.startsWith("moebi@")) return Chat.spawnTask("receiveMessageForMoebi", recipient, [message, node()]);
    return Chat.spawnTask("receiveMessage", recipient, [message]);
  },

  async spawnTask(
    fun: "receiveMessage" | "receiveMessageForMoebi",
    recipient: NodeName,
    args: readonly unknown[],
  ): Promise<unknown> {
    const task = await Task.Supervisor.async(supervisorFor(recipient), Chat, fun, args as never);
    return Task.await(task);
  },
});
