import { expectTypeOf, test } from "vitest";
import { GenServer, type ServerPid } from "../../src/otp/gen-server.ts";
import type { Pid } from "../../src/term/pid.ts";
import type { From } from "../../src/process/call.ts";

interface Item {
  readonly name: string;
}

class Counter extends GenServer {
  private count = 0;

  // Functions of the same names as its clients', as is the custom.
  static override startLink(count: number, options: { readonly deep?: boolean } = {}): Promise<ServerPid<Counter>> {
    return GenServer.startLink(Counter, count, { name: options.deep === true ? { global: "deep" } : "Counter" });
  }
  static override start(): Promise<Pid> {
    return GenServer.start(Counter, 1);
  }
  static override stop(pid: Pid): Promise<"ok"> {
    return GenServer.stop(pid);
  }
  static override call(by: number): Promise<number> {
    return Promise.resolve(by);
  }
  static override cast(by: number): "ok" {
    return GenServer.cast("Counter", by);
  }
  static override whereis(): Pid | null {
    return GenServer.whereis("Counter");
  }

  init(count: number): void {
    this.count = count;
  }

  handleCall(request: "get"): number;
  handleCall(request: readonly ["find", string], from: From): Promise<Item | null>;
  handleCall(request: "stop"): ReturnType<GenServer["stop"]>;
  handleCall(request: unknown): unknown {
    if (request === "stop") return this.stop("normal", "bye");
    return request === "get" ? this.count : Promise.resolve(null);
  }

  handleCast(request: "increment" | readonly ["add", number]): void {
    this.count += request === "increment" ? 1 : request[1];
  }
}

class Later extends GenServer {
  init() {
    return Math.random() < 0.5 ? this.ignore() : this.continueWith("more");
  }
  handleCall(request: "now" | "later" | "end") {
    if (request === "later") return this.noreply();
    return request === "now" ? 42 : this.stop("normal", "bye");
  }
}

class Plain extends GenServer {
  handleInfo(): void {
    return undefined;
  }
}

// Only the types are looked at.
const never = (_body: () => unknown): void => undefined;

test("the pid of a server knows what it can be asked, and what it answers", () => {
  never(async () => {
    const counter = await GenServer.startLink(Counter, 1);
    expectTypeOf(counter).toEqualTypeOf<ServerPid<Counter>>();
    expectTypeOf(counter).toExtend<Pid>();
    expectTypeOf(await GenServer.call(counter, "get")).toEqualTypeOf<number>();
    expectTypeOf(await GenServer.call(counter, ["find", "x"], 10)).toEqualTypeOf<Item | null>();
    expectTypeOf(await GenServer.call(await Counter.startLink(1), "get")).toEqualTypeOf<number>();
    // @ts-expect-error -- not a request of a counter
    await GenServer.call(counter, "got");
    GenServer.cast(counter, "increment");
    GenServer.cast(counter, ["add", 1]);
    // @ts-expect-error -- not a cast of a counter
    GenServer.cast(counter, ["add", "one"]);
    // @ts-expect-error -- init wants a number
    await GenServer.startLink(Counter, "one");
    // @ts-expect-error -- init wants something
    await GenServer.startLink(Counter);
  });
});

test("the class that a server is named by types it as its pid does", () => {
  never(async () => {
    await GenServer.startLink(Counter, 1, { name: Counter });
    expectTypeOf(await GenServer.call(Counter, "get")).toEqualTypeOf<number>();
    expectTypeOf(await GenServer.call([Counter, "kate@localhost"], ["find", "x"], 10)).toEqualTypeOf<Item | null>();
    // @ts-expect-error -- not a request of a counter
    await GenServer.call(Counter, "got");
    // @ts-expect-error -- not a request of a counter
    await GenServer.call([Counter, "kate@localhost"], "got");
    GenServer.cast(Counter, ["add", 1]);
    // @ts-expect-error -- not a cast of a counter
    GenServer.cast(Counter, ["add", "one"]);
    expectTypeOf(GenServer.whereis(Counter)).toEqualTypeOf<Pid | null>();
    expectTypeOf(await GenServer.stop(Counter)).toEqualTypeOf<"ok">();
  });
});

test("a class without handlers is a server, one that is no GenServer is not", () => {
  never(async () => {
    class Empty extends GenServer {}
    class Fields extends GenServer {
      coins = 7;
    }
    expectTypeOf(await GenServer.start(Empty)).toEqualTypeOf<ServerPid<Empty>>();
    await GenServer.startLink(Fields, undefined, { name: Fields });
    // @ts-expect-error -- no class of a server
    await GenServer.start(Date);
  });
});

test("a name, or a pid from elsewhere, can be asked anything", () => {
  never(async () => {
    expectTypeOf(await GenServer.call("Counter", "get")).toEqualTypeOf<unknown>();
    expectTypeOf(await GenServer.call<number>(["Counter", "kate@localhost"], "get")).toEqualTypeOf<number>();
    const pid = null as unknown as Pid;
    expectTypeOf(await GenServer.call(pid, { any: "thing" })).toEqualTypeOf<unknown>();
    GenServer.cast(pid, 1);
    const either = pid as Pid | "Counter";
    expectTypeOf(await GenServer.call(either, 1)).toEqualTypeOf<unknown>();
    GenServer.cast(either, 1);
    GenServer.cast({ via: ["Registry", ["R", 1]] }, 1);
  });
});

test("what a server may do instead of replying is seen in the types", () => {
  never(async () => {
    const later = await GenServer.start(Later);
    expectTypeOf(later).toEqualTypeOf<ServerPid<Later> | "ignore">();
    if (later === "ignore") return;
    expectTypeOf(await GenServer.call(later, "now")).toEqualTypeOf<string | number>();
    expectTypeOf(await GenServer.startLink(Plain)).toEqualTypeOf<ServerPid<Plain>>();
    await GenServer.startLink(Plain, undefined, { name: "Plain" });
    expectTypeOf(await GenServer.startLink("Plain", 1)).toEqualTypeOf<ServerPid>();
  });
});
