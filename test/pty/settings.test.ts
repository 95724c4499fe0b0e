import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SETTING_NAMES, type Settings } from "../../src/shell/settings.ts";
import { type Host, newHost, prompts } from "../support/moebi.ts";
import type { Screen } from "../support/screen.ts";

/** Where a person's files are is for this host's home alone to say, and colours are wanted. */
const env = { NO_COLOR: undefined, XDG_CONFIG_HOME: undefined, XDG_STATE_HOME: undefined } as unknown as Record<
  string,
  string
>;
const GREEN = 2;

let host: Host;

beforeAll(async () => {
  host = await newHost();
  await mkdir(join(host.home, ".config", "moebi"), { recursive: true });
  await host.file(
    ".config/moebi/init.ts",
    'const greeting: string = "from init"\nIO.puts("starts with " + greeting)\n',
  );
});

afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

describe("a person's settings", () => {
  test("IEX-034: hold for the prompt: keys, prompt, colours and rows; it starts with init.ts; secrets are kept nowhere", async () => {
    const settings = { keys: { "ctrl+o": "newline" }, prompt: "%node:%counter $ ", statusLine: false, maxEntries: 3 };
    await host.file(".config/moebi/settings.json", JSON.stringify(settings));
    const pty = host.open(["--sname", "alex@localhost"], { env });
    const prompt = (n: number, typed = ""): ReturnType<typeof prompts> =>
      prompts(`alex@localhost:${String(n)} $ ${typed}`.trimEnd());
    await pty.waitFor(prompt(1));
    expect(pty.screen.text()).toContain("\nstarts with from init\n");
    pty.type("greeting\r");
    await pty.waitFor(prompt(2));
    const { y } = pty.screen.cursor;
    expect(pty.screen.line(y - 1)).toBe('"from init"');
    expect(pty.screen.cell(1, y - 1).foreground).toBe(GREEN);
    pty.type("[1, 2,\x0f3, 4]");
    await pty.waitFor((screen) => screen.line(screen.cursor.y) === "             ... $ 3, 4]");
    pty.type("\r");
    await pty.waitFor("[1, 2, 3, ... 1 more]");
    await pty.waitFor(prompt(3));
    expect(pty.screen.text()).not.toContain("no peers");
    pty.type("configure({ statusLine: true, colors: false })\r");
    await pty.waitFor("alex@localhost · no peers");
    await pty.waitFor(prompt(4));

    pty.type(" 'off the record'\r");
    await pty.waitFor(prompt(5));
    expect(pty.screen.cell(1, pty.screen.cursor.y - 1).foreground).toBe(-1);
    // This session can recall it, and so it can be put right.
    pty.type("\x1b[A");
    await pty.waitFor(prompt(5, " 'off the record'"));
    pty.type("\x03");
    await pty.waitFor(prompt(5));
    pty.type("Node.setCookie('other@localhost', 'sesame')\r");
    await pty.waitFor(prompt(6));
    pty.type('save("session.ts")\r');
    await pty.waitFor(prompt(7));
    pty.type("\x04");
    expect(await pty.exited).toMatchObject({ code: 0 });

    const history = await readFile(join(host.home, ".local/state/moebi/history"), "utf8");
    expect(history).toContain('"greeting"');
    expect(history).not.toMatch(/off the record|sesame/u);
    const saved = await readFile(join(host.home, "session.ts"), "utf8");
    expect(saved).toContain("greeting\n[1, 2,\n3, 4]");
    expect(saved).not.toMatch(/off the record|sesame/u);
  });

  test("that are wrong are spoken of, and the prompt opens without them; --dot-moebi names another start-up file", async () => {
    await host.file(".config/moebi/settings.json", '{ "prompt": "mine> ", "colours": true }');
    const own = await host.file("own.ts", "const own = 'from own'\nmissing()\n");
    const pty = host.open(["--dot-moebi", own], { env, columns: 200 });
    await pty.waitFor(prompts("moebi(1)>"));
    const text = pty.screen.scrollback();
    expect(text).toContain('settings.json: There is no setting "colours"; did you mean colors?');
    expect(text).toContain("The prompt has its default settings");
    // So is a start-up file that fails, with its place; what it did before holds.
    expect(text).toMatch(/\*\* \(ReferenceError\) missing is not defined\n(?:.*\n)? +at .*own\.ts:2:\d+/u);
    pty.type("own\r");
    await pty.waitFor('\n"from own"\n');
    pty.type("greeting\r");
    await pty.waitFor("** (ReferenceError) greeting is not defined");
  });
});

describe("the menu of settings", () => {
  const row = (name: string, value: string) => (screen: Screen) =>
    new RegExp(`^ ${name} +${value}(?: {2}.*| *)$`, "mu").test(screen.text());
  /** The keys that choose a setting. */
  const to = (name: keyof Settings): string => `g${"j".repeat(SETTING_NAMES.indexOf(name))}`;
  const covered = (screen: Screen): boolean => screen.line(-1).startsWith("q leave  s save");

  test.each([
    [40, 10],
    [200, 60],
  ])(
    "F2 opens it on %i by %i; what is changed holds at once, s saves it, and the line is as it was",
    async (...size) => {
      await using own = await newHost();
      const [columns, rows] = size;
      await mkdir(join(own.home, ".config", "moebi"), { recursive: true });
      const file = await own.file(".config/moebi/settings.json", '{ "maxText": 5000 }');
      const pty = own.open([], { env, columns, rows });
      await pty.waitFor(prompts("moebi(1)>"));
      pty.type("half 'typ");
      await pty.waitFor(prompts("moebi(1)> half 'typ"));
      // The keys behind F2 are for the menu, and those behind q for the prompt.
      pty.type(`\x1bOQ${to("depth")}2\r`);
      await pty.waitFor((screen) => covered(screen) && row("depth", "2")(screen));
      await pty.typeSlowly(`${to("pager")} `);
      await pty.waitFor(row("pager", "false"));
      pty.type("s");
      await pty.waitFor("Saved to");
      expect(JSON.parse(await readFile(file, "utf8"))).toEqual({ maxText: 5000, depth: 2, pager: false });
      pty.type("qed'");
      await pty.waitFor(prompts("moebi(1)> half 'typed'"));
      pty.type("\x15[[[[1]]]]\r");
      await pty.waitFor("\n[[[[...]]]]\n");
      await pty.waitFor(prompts("moebi(2)>"));
      expect(pty.screen.scrollback()).not.toContain("q leave");
      // The prompt that waits changes too.
      pty.type(`\x1bOQ${to("prompt")}\r\x15%counter $ \r`);
      await pty.waitFor((screen) => covered(screen) && row("prompt", "%counter \\$")(screen));
      pty.type("\x1b");
      await pty.waitFor(prompts("2 $"));
    },
  );

  test("another key can open it, and NO_COLOR goes before the setting", async () => {
    await using own = await newHost();
    const pty = own.open([]);
    await pty.waitFor(prompts("moebi(1)>"));
    pty.type('configure({ keys: { "ctrl+o": "show-settings", f2: "nothing" } }); 1\r');
    await pty.waitFor(prompts("moebi(2)>"));
    pty.type("\x1bOQ\x0f");
    await pty.waitFor(covered);
    await pty.waitFor(row("colors", "true \\(NO_COLOR is set\\)"));
    pty.type("q");
    await pty.waitFor(prompts("moebi(2)>"));
    pty.type("settings()\r");
    await pty.waitFor(covered);
    pty.type("\x03");
    await pty.waitFor(prompts("moebi(3)>"));
  });

  test("is the terminal's in a shell on another node, which prints as it says and is left as it was", async () => {
    await using own = await newHost();
    await own.background("app@localhost");
    const pty = own.open(["--remsh", "app@localhost"]);
    await pty.waitFor(prompts("moebi(app@localhost)1>"));
    pty.type("settings()\r");
    await pty.waitFor(covered);
    pty.type(`${to("depth")}1\rq`);
    await pty.waitFor(prompts("moebi(app@localhost)2>"));
    pty.type("[[[[1]]]]\r");
    await pty.waitFor("\n[[[...]]]\n");
    await pty.waitFor(prompts("moebi(app@localhost)3>"));
    pty.type("configure({ depth: 0, editing: 'vi' })\r");
    await pty.waitFor('"editing" is a setting of your terminal, not of a shell here: F2 changes it');
    pty.type("configure({ depth: 0 }); [[1]]\r");
    await pty.waitFor("\n[[...]]\n");
    pty.type("\x04");
    expect(await pty.exited).toMatchObject({ code: 0 });
    const again = own.open(["--remsh", "app@localhost"]);
    await again.waitFor(prompts("moebi(app@localhost)1>"));
    again.type("[[[[1]]]]\r");
    await again.waitFor("\n[[[[1]]]]\n");
  });

  test("is text where there is no screen, with what to do instead", async () => {
    const { stdout, status } = await host.run(["-e", "settings()"]);
    expect(stdout).toMatch(/^ {2}depth: 6 +How many levels of nesting/mu);
    expect(stdout).toContain("There is no screen for a menu here: configure({ depth: 3 }) changes a setting");
    expect(status).toBe(0);
  });
});

describe("colours", () => {
  const [CYAN, BLUE] = [6, 4];

  test("are those that read on the background that COLORFGBG or the setting says, at once", async () => {
    await using own = await newHost();
    const pty = own.open([], { env: { ...env, COLORFGBG: "0;15" } });
    const printed = async (n: number, statement: string): Promise<number> => {
      await pty.waitFor(prompts(`moebi(${String(n)})>`));
      pty.type(`${statement}; Task\r`);
      await pty.waitFor(prompts(`moebi(${String(n + 1)})>`));
      return pty.screen.cell(0, pty.screen.cursor.y - 1).foreground;
    };
    expect(await printed(1, "1")).toBe(BLUE);
    expect(await printed(2, 'configure({ background: "dark" })')).toBe(CYAN);
    // What is typed, too.
    pty.type("Task");
    await pty.waitFor(prompts("moebi(3)> Task"));
    expect(pty.screen.cell("moebi(3)> ".length, pty.screen.cursor.y).foreground).toBe(CYAN);
  });
});
