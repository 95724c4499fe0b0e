import { describe, expect, test } from "vitest";
import { MemoryNames } from "../../../src/node/wire/memory-resolver.ts";

describe("MemoryNames", () => {
  test("finds what is registered until its resolver is closed", async () => {
    const names = new MemoryNames();
    const [one, other] = [names.resolver(), names.resolver()];
    const address = { host: "here", port: 3 };
    await one.register("alex@localhost", address);
    expect(await other.lookup("alex@localhost")).toEqual(address);
    await expect(other.register("alex@localhost", address)).rejects.toMatchObject({ code: "name_taken" });
    await other.close();
    expect(await other.lookup("alex@localhost")).toEqual(address);
    await one.close();
    expect(await other.lookup("alex@localhost")).toBeUndefined();
  });

  test("forgets a name whose host is gone", async () => {
    const names = new MemoryNames();
    const resolver = names.resolver();
    await resolver.register("alex@localhost", { host: "here", port: 3 });
    names.forget("alex@localhost");
    expect(await resolver.lookup("alex@localhost")).toBeUndefined();
  });
});
