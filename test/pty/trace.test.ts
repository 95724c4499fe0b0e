import { afterAll, beforeAll, expect, test } from "vitest";
import { type Host, newHost, prompts } from "../support/moebi.ts";

const SERVICE = `const Kate = { say(text: string) { return text + "!" } }
const greeter = spawn(async () => { for (;;) { const [from, text] = await receive(); send(from, Kate.say(text)) } })
Process.register(greeter, "Greeter")`;
/** How many processes of tracing the service has. */
const LEFT = 'Process.list().filter((pid) => Process.info(pid)?.initialCall.startsWith("Moebi.Trace/")).length';

let host: Host;

beforeAll(async () => {
  host = await newHost();
  await host.background("app@localhost", [SERVICE]);
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

const left = async (): Promise<string> => (await host.run(["--remsh", "app@localhost"], `${LEFT}\n`)).stdout;

test("what is traced appears above the prompt while one types, until Ctrl+C, and then is gone from the service", async () => {
  const pty = host.open(["--sname", "alex"]);
  const prompt = (n: number): string => `moebi(alex@localhost)${String(n)}>`;
  await pty.waitFor(prompts(prompt(1)));
  pty.type('trace(["Greeter", "app@localhost"])\r');
  await pty.waitFor(prompts(prompt(2)));
  pty.type('trace(["Kate", "app@localhost"], { flags: ["call"] })\r');
  await pty.waitFor(prompts(prompt(3)));
  pty.type("1 + ");
  await host.run(["call", "app@localhost", "Kate", "say", "from afar"]);
  await pty.waitFor('returned from Kate.say/1 -> "from afar!"');
  pty.type("1\r");
  await pty.waitFor(prompts(prompt(4)));
  expect(pty.screen.text()).toContain("\n2\n");
  pty.type('send(["Greeter", "app@localhost"], [self(), "hi"])\r');
  await pty.waitFor((screen) =>
    /^app@localhost \(#PID<1\.\d+\.0>\) << \[#PID<0\.\d+\.0>, "hi"\]$/m.test(screen.text()),
  );
  await pty.waitFor((screen) => /^app@localhost \(#PID<1\.\d+\.0>\) #PID<0\.\d+\.0> ! "hi!"$/m.test(screen.text()));
  expect(await left()).toBe("2\n");
  await pty.waitFor(prompts(prompt(5)));
  pty.type("\x03");
  await pty.waitFor("Tracing has ended");
  pty.type("trace()\r");
  await pty.waitFor("Nothing is traced");
  expect(await left()).toBe("0\n");
  pty.type("\x04");
  expect(await pty.exited).toMatchObject({ code: 0 });
});

test("nothing is left on the service of a prompt that was killed", async () => {
  const alex = host.start(["--sname", "bert"]);
  alex.child.stdin?.write('trace(["Greeter", "app@localhost"])\n');
  await alex.waitFor("Tracing");
  expect(await left()).toBe("1\n");
  alex.kill("SIGKILL");
  await alex.finished;
  const gone = `for (;;) { if (${LEFT} === 0) break; await Process.sleep(10) }`;
  expect((await host.run(["--remsh", "app@localhost"], `${gone}\n"gone"\n`)).stdout).toBe('"gone"\n');
});
