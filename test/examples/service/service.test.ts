import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { newHost, Piped } from "../../support/moebi.ts";

const service = fileURLToPath(new URL("../../../src/examples/service/service.ts", import.meta.url));

test("a web service with a node beside it: looked into and changed from a shell, it goes on; told to stop, it ends", async () => {
  await using host = await newHost();
  await using program = new Piped([], { ...process.env, ...host.env, PORT: "0" }, host.home, service);
  await program.waitFor("Listening on ");
  const url = /http:\S+/.exec(program.stdout)?.[0] ?? "";
  const visit = async (name: string): Promise<string> => (await fetch(`${url}/${name}`)).text();

  expect(await visit("kate")).toBe("Hello, kate!\n");
  const session = await host.run(
    ["--remsh", "service@localhost"],
    'node()\nService.setGreeting("Good evening")\nService.served()\nnoSuchName\n',
  );
  expect(session.stdout).toMatch(/"service@localhost"\n(.*\n)*.*"ok"\n(.*\n)*.*\b1\n/);
  expect(session.stdout + session.stderr).toContain("noSuchName is not defined");

  // Neither what was typed there nor what a visitor says ends it.
  expect((await fetch(`${url}/%`)).status).toBe(500);
  expect(await visit("alex")).toBe("Good evening, alex!\n");
  expect(await host.run(["call", "service@localhost", "Service", "served"])).toMatchObject({
    stdout: "2\n",
    status: 0,
  });

  expect(await host.run(["stop", "service@localhost"])).toMatchObject({ status: 0 });
  expect(await program.finished).toMatchObject({ status: 0, stderr: "" });
});
