/**
 * A web service with a node beside it: the service goes on as it would without, and who has the cookie can look into it,
 * and change it, while it runs.
 *
 *     PORT=8080 node service.js
 *     moebi --remsh service@localhost
 *     moebi(service@localhost)1> Service.setGreeting("Good evening")
 *     moebi stop service@localhost
 */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Agent, defmodule, startNode } from "../../index.ts";

interface State {
  readonly greeting: string;
  readonly served: number;
}

const STATE = "Service.State";

/** What the service does, for its visitors and at the prompt. */
export const Service = defmodule("Service", {
  /** Greets a visitor, and counts him. */
  greet: (name: string): Promise<string> =>
    Agent.getAndUpdate(STATE, (state: State) => [
      `${state.greeting}, ${name}!`,
      { ...state, served: state.served + 1 },
    ]),

  /** How many visitors have been greeted. */
  served: (): Promise<number> => Agent.get(STATE, ({ served }: State) => served),

  /** Changes how visitors are greeted from now on. `"ok"`. */
  setGreeting: (greeting: string): Promise<"ok"> => Agent.update(STATE, (state: State) => ({ ...state, greeting })),
});

const node = await startNode({ sname: "service" });
await node.run(() => Agent.start((): State => ({ greeting: "Hello", served: 0 }), { name: STATE }));

const server = createServer((request, response) => {
  // Each request is a process, so that it can use all that processes can.
  node
    .run(() => Service.greet(visitorOf(request.url)))
    .then((greeting) => response.end(`${greeting}\n`))
    .catch(() => response.writeHead(500).end("The service is not well\n"));
});
server.listen(Number(process.env["PORT"] ?? 8080), "127.0.0.1");
await once(server, "listening");
console.log(`Listening on http://127.0.0.1:${(server.address() as AddressInfo).port}`);

// Also what `moebi stop service@localhost` comes to: requests are finished, then the node says goodbye to the others.
process.once("SIGTERM", () => {
  server.close(() => void node.stop());
});

/** Whoever the path names. */
function visitorOf(path = "/"): string {
  return decodeURIComponent(path.replace(/^\/|\?.*/g, "")) || "stranger";
}
