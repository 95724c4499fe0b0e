import { defmodule, GenServer } from "moebi";

/** A server: its state is the instance, and it handles one message at a time. */
export class Greeter extends GenServer {
  greeting = "";
  greeted = 0;

  static override startLink(greeting: string) {
    return GenServer.startLink(Greeter, greeting, { name: Greeter });
  }

  /** Greets somebody. At the prompt: `Greeter.greet("Ada")`. */
  static greet(name: string): Promise<string> {
    return GenServer.call(Greeter, ["greet", name]);
  }

  /** How many have been greeted since the server started. */
  static count(): Promise<number> {
    return GenServer.call(Greeter, "count");
  }

  init(greeting: string): void {
    this.greeting = greeting;
  }

  handleCall(request: "count"): number;
  handleCall(request: readonly ["greet", string]): string;
  handleCall(request: "count" | readonly ["greet", string]): number | string {
    if (request === "count") return this.greeted;
    this.greeted++;
    return `${this.greeting}, ${request[1]}!`;
  }
}
// The module is called so at the prompt and from other nodes; the class stands for that name, by which its server is known.
defmodule("Greeter", Greeter);
