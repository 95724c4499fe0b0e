import { tagOf } from "../term/atom.ts";
import { copy } from "../term/copy.ts";
import { inspect } from "../term/inspect.ts";
import { Exit } from "../process/exit.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Handlers } from "./serve.ts";
import type { ServerName } from "./server-name.ts";
import { applyMfa, type Mfa, mfaOf, withInput } from "./task-protocol.ts";

/** What an agent is sent: a function of its state, or module, function and the arguments after the state. As Elixir's. */
export type AgentCall = ((state: never) => unknown) | Mfa;

/** Runs an agent's call on this node's modules, on what comes before its arguments, if anything. */
export async function runAgentCall(
  runtime: Runtime,
  call: unknown,
  ...input: readonly [state?: unknown]
): Promise<unknown> {
  const mfa = typeof call === "function" ? mfaOf(call) : asMfa(call);
  return applyMfa(runtime, input.length === 0 ? mfa : withInput(mfa, input[0]));
}

function asMfa(call: unknown): Mfa {
  const [module, fun, args] = Array.isArray(call) ? (call as readonly unknown[]) : [];
  return mfaOf(tagOf(module), tagOf(fun), args);
}

/** The process that keeps a state, and runs functions on it one after another. */
export class AgentServer implements Handlers {
  readonly module = "Agent";
  readonly name: ServerName | undefined;
  private readonly process: Process;
  private state: unknown;

  constructor(process: Process, state: unknown, name: ServerName | undefined) {
    this.process = process;
    this.state = copy(state);
    this.name = name;
  }

  async handleCall(request: unknown): Promise<unknown> {
    const [tag, call] = Array.isArray(request) ? (request as readonly unknown[]) : [];
    switch (tagOf(tag)) {
      case "get":
        return this.run(call);
      case "update":
        await this.update(call);
        return "ok";
      case "get_and_update": {
        const result = await this.run(call);
        if (!Array.isArray(result) || result.length !== 2) throw new Exit(["bad_return_value", result]);
        const [value, state] = result as readonly unknown[];
        // The value may be part of the state that is about to be changed; the answer is what it is now.
        const answer = copy(value);
        this.keep(state);
        return answer;
      }
      default:
        throw new Exit(["bad_call", request]);
    }
  }

  async handleCast(request: unknown): Promise<void> {
    const [tag, call] = Array.isArray(request) ? (request as readonly unknown[]) : [];
    if (tagOf(tag) !== "cast") throw new Exit(["bad_cast", request]);
    await this.update(call);
  }

  handleInfo(message: unknown): void {
    const { runtime, name, pid } = this.process;
    runtime.log("error", `Agent ${inspect(name ?? pid)} received an unexpected message: ${inspect(message)}`, pid);
  }

  terminate(): void {
    // Its state is nobody's any more.
  }

  getState(): unknown {
    return this.state;
  }

  replaceState(change: (state: unknown) => unknown): unknown {
    this.keep(change(this.state));
    return this.state;
  }

  private async update(call: unknown): Promise<void> {
    this.keep(await this.run(call));
  }

  /** A new state is copied, as whoever wrote the function may hold on to it; one that was changed in place is the agent's own. */
  private keep(state: unknown): void {
    if (state !== this.state) this.state = copy(state);
  }

  private run(call: unknown): Promise<unknown> {
    return runAgentCall(this.process.runtime, call, this.state);
  }
}
