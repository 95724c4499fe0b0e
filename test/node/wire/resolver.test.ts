import { expect, onTestFinished, test } from "vitest";
import { NameService } from "../../../src/node/name-service/name-service.ts";
import { nameServiceResolver } from "../../../src/node/wire/resolver.ts";

test("nameServiceResolver() registers the short name with the port, and finds it", async () => {
  const resolver = nameServiceResolver(new NameService());
  onTestFinished(() => resolver.close());
  await resolver.register("alex@localhost", { host: "127.0.0.1", port: 4711 });
  expect(await resolver.lookup("alex@localhost")).toMatchObject({ port: 4711 });
  expect(await resolver.lookup("nobody@localhost")).toBeUndefined();
});
