import { ArgumentError, MoebiError } from "../term/error.ts";
import { titleOfFunction } from "../term/inspect-object.ts";
import { inspect } from "../term/inspect.ts";
import { moduleNameOf } from "../term/module-name.ts";
import type { From } from "../process/call.ts";
import { Exit } from "../process/exit.ts";
import type { Process } from "../process/process.ts";
import type { Runtime } from "../process/runtime.ts";
import { afterwards } from "./afterwards.ts";
import { type Directive, Ignore, isDirective, NoReply, Reply, Stop } from "./directive.ts";
import type { ServerClass, Status } from "./gen-server-types.ts";
import type { Handlers } from "./serve.ts";
import type { ServerName } from "./server-name.ts";

/** The callbacks as they are called here: what they take is up to the user. */
type Instance = Readonly<
  Partial<
    Record<
      "init" | "handleCall" | "handleCast" | "handleInfo" | "handleContinue" | "terminate",
      (...args: readonly unknown[]) => unknown
    > & { formatStatus(status: Status): Partial<Status> }
  >
>;

/** The class that a server is to run: itself, or the module of that name. Throws `badarg` for what is no class. */
export function serverClass(runtime: Runtime, what: unknown): ServerClass {
  const found = typeof what === "string" ? runtime.modules.get(what) : what;
  if (isClass(found)) return found;
  throw new ArgumentError(
    `A server is a class, as in class Ping extends GenServer { handleCall(request) { … } }, not ${inspect(what)}`,
  );
}

/** What the class of a server is called. */
export function nameOfClass(server: ServerClass): string {
  return moduleNameOf(server) ?? titleOfFunction(server);
}

function isClass(value: unknown): value is ServerClass {
  return typeof value === "function" && typeof (value as { prototype?: unknown }).prototype === "object";
}

/** A server's state, an instance of its class, and what it does with messages. */
export class ServerInstance implements Handlers {
  readonly module: string;
  readonly name: ServerName | undefined;
  private readonly process: Process;
  private readonly instance: Instance;
  private running: ServerClass;

  constructor(process: Process, running: ServerClass, name: ServerName | undefined) {
    this.process = process;
    this.running = running;
    this.name = name;
    this.module = nameOfClass(running);
    this.instance = new running() as Instance;
  }

  /** What is next once it has started. Exits with the reason of a stop, and `bad_return_value`. */
  async init(arg: unknown): Promise<Directive | undefined> {
    const next = await this.instance.init?.(arg);
    if (next instanceof Stop) throw new Exit(next.reason);
    return next instanceof Ignore ? next : checked(next);
  }

  handleCall(request: unknown, from: From): unknown {
    const { current } = this;
    if (current.handleCall === undefined) throw this.unhandled("call", "handleCall");
    return afterwards(current.handleCall(request, from), (result) =>
      result instanceof Ignore ? checked(result) : result,
    );
  }

  handleCast(request: unknown): unknown {
    const { current } = this;
    if (current.handleCast === undefined) throw this.unhandled("cast", "handleCast");
    return afterwards(current.handleCast(request), checked);
  }

  handleInfo(message: unknown): unknown {
    const { current, process } = this;
    if (current.handleInfo !== undefined) return afterwards(current.handleInfo(message), checked);
    process.runtime.log(
      "error",
      `${this.module} ${inspect(process.name ?? process.pid)} received unexpected message in handleInfo: ${inspect(message)}`,
      process.pid,
    );
    return undefined;
  }

  async handleContinue(arg: unknown): Promise<unknown> {
    const { current } = this;
    if (current.handleContinue === undefined) {
      throw new ArgumentError(`${this.module} asked to continue, and has no handleContinue`);
    }
    return checked(await current.handleContinue(arg));
  }

  terminate(reason: unknown): unknown {
    return this.current.terminate?.(reason);
  }

  /** The fields: an instance itself belongs to its process. */
  getState(): unknown {
    return Object.fromEntries(Object.entries(this.instance).filter(([, value]) => typeof value !== "function"));
  }

  /** The fields that `change` gives are the new ones; those it leaves out are gone. Gives the new state. */
  replaceState(change: (state: unknown) => unknown): unknown {
    const before = this.getState() as Record<string, unknown>;
    const after = change({ ...before });
    if (typeof after !== "object" || after === null || Array.isArray(after)) {
      throw new ArgumentError(`The state of a GenServer is an object of its fields, not ${inspect(after)}`);
    }
    for (const field of Object.keys(before))
      if (!Object.hasOwn(after, field)) Reflect.deleteProperty(this.instance, field);
    Object.assign(this.instance, after);
    return this.getState();
  }

  formatState(about: { readonly message?: unknown; readonly reason?: unknown }): unknown {
    const status = { ...about, state: this.getState() };
    const { current } = this;
    return current.formatStatus === undefined ? status.state : { ...status, ...current.formatStatus(status) }.state;
  }

  private unhandled(what: "call" | "cast", handler: string): MoebiError {
    const { module, process } = this;
    const server = inspect(process.name ?? process.pid);
    return new MoebiError(`bad_${what}`, `Attempted to ${what} GenServer ${server}, but ${module} has no ${handler}`);
  }

  /**
   * The instance, with the code of its class as it is now. A module that has been defined anew takes over the instance
   * as it is, so that what holds on to it, a timer or a listener, goes on with the new code too.
   */
  private get current(): Instance {
    const { instance, running, process } = this;
    const name = moduleNameOf(running);
    const now = name === undefined ? running : process.runtime.modules.get(name);
    if (now !== running && isClass(now)) {
      Object.setPrototypeOf(instance, now.prototype as object);
      this.running = now;
    }
    return instance;
  }
}

/** What a handler other than `handleCall` returned: nothing, or what is next. Exits with `bad_return_value`. */
function checked(result: unknown): NoReply | Stop<unknown> | undefined {
  if (result === undefined || result instanceof NoReply || result instanceof Stop) return result;
  throw new Exit(["bad_return_value", isDirective(result) ? nameOfDirective(result) : result]);
}

function nameOfDirective(directive: Directive): string {
  return directive instanceof Reply ? "reply" : "ignore";
}
