import { describe, expect, test } from "vitest";
import { Cookie } from "../../../src/node/cookie.ts";
import type { Link } from "../../../src/node/carrier.ts";
import { Dial, dialFailure } from "../../../src/node/wire/dial.ts";
import { MemoryNetwork } from "../../../src/node/wire/memory-transport.ts";
import type { Address } from "../../../src/node/wire/transport.ts";
import { ALEX, KATE, TestClock } from "../../support/wire.ts";

function dialler(lookup: () => Promise<Address | undefined>) {
  const clock = new TestClock();
  const network = new MemoryNetwork({ clock });
  const dial = new Dial({
    node: KATE.name,
    transport: network.transport("here"),
    resolver: { lookup, register: () => Promise.resolve(), close: () => Promise.resolve() },
    self: ALEX,
    keyFor: () => new Cookie("secret").key(),
    clock,
    setupTime: 7_000,
    link: () => {
      throw new Error("Nobody is proven here");
    },
    linked: () => undefined,
  });
  return { clock, network, dial };
}

describe("Dial", () => {
  test("F13: gives up after the setup time, counted from the look-up", async () => {
    const { clock, dial } = dialler(() => new Promise(() => {}));
    const done = dial.done.catch((error: unknown) => error);
    await clock.advance(7_000);
    expect(await done).toMatchObject({ code: "timeout" });
  });

  test("ends with a link that came from elsewhere, and leaves no timer", async () => {
    const { clock, dial } = dialler(() => new Promise(() => {}));
    const link = { peer: KATE } as Link;
    dial.succeed(link);
    dial.fail(dialFailure("noconnection", "too late"));
    expect(await dial.done).toBe(link);
    expect(clock.timers).toBe(0);
  });

  test("fails with what the look-up failed with", async () => {
    const { dial } = dialler(() => Promise.reject(new Error("the name service is a web server")));
    await expect(dial.done).rejects.toMatchObject({
      code: "noconnection",
      message: "the name service is a web server",
    });
  });
});
