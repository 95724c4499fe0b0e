import { defmodule, GenServer } from "moebi";

/** The module is called so at the prompt and from other nodes, and its server is registered so. */
const NAME = "Greeter";

/** A server: its state is the instance, and it handles one message at a time. */
export class Greeter extends GenServer {
  greeting = "";
  greeted = 0;

  static override startLink(greeting: string) {
    return GenServer.startLink(Greeter, greeting, { name: NAME });
  }

  /** Greets somebody. At the prompt: `Greeter.greet("Ada")`. */
  static greet(name: string): Promise<string> {
    return GenServer.call<string>(NAME, ["greet", name]);
  }

  /** How many have been greeted since the server started. */
  static count(): Promise<number> {
    return GenServer.call<number>(NAME, "count");
  }

  init(greeting: string): void {
    this.greeting = greeting;
  }

  handleCall(request: "count" | readonly ["greet", string]): number | string {
    if (request === "count") return this.greeted;
    this.greeted++;
    return `${this.greeting}, ${request[1]}!`;
  }
}
defmodule(NAME, Greeter);
