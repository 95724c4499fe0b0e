import { describe, expect, test, vi } from "vitest";
import { readCommandLine, type CommandLine } from "../../src/cli/options.ts";

/** What a command line asks for; it is one that asks for something. */
function read(...args: string[]): CommandLine {
  const line = readCommandLine(args, "1.2.3");
  if (line === undefined) throw new Error("It only printed something");
  return line;
}

/** What is printed instead of running anything. */
function printed(...args: string[]): string {
  const write = vi.spyOn(process.stdout, "write").mockReturnValue(true);
  try {
    expect(readCommandLine(args, "1.2.3")).toBeUndefined();
    return write.mock.calls.map(([text]) => String(text)).join("");
  } finally {
    write.mockRestore();
  }
}

describe("readCommandLine()", () => {
  test("asks for a shell on a node without a name when nothing is said", () => {
    expect(read()).toMatchObject({
      command: "shell",
      node: { sname: undefined, name: undefined, cookie: undefined, hidden: false, insecure: false, rawOutput: false },
      evaluate: [],
      files: [],
      require: [],
      app: undefined,
      bail: false,
      halt: true,
    });
  });

  test("takes the names and settings of a node", () => {
    const { node, app } = read(
      "--sname",
      "alex",
      "--cookie",
      "c",
      "--app",
      "chat",
      "--hidden",
      "--auto-connect",
      "never",
      "--net-ticktime",
      "8",
      "--net-setuptime=500",
    );
    expect(node).toMatchObject({
      sname: "alex",
      cookie: "c",
      hidden: true,
      autoConnect: "never",
      netTicktime: 8,
      netSetuptime: 500,
    });
    expect(app).toBe("chat");
    expect(read("--name", "n1@127.0.0.1").node.name).toBe("n1@127.0.0.1");
  });

  test("takes a cookie and a name that look like numbers as they are written", () => {
    expect(read("--sname", "007", "--cookie", "0012").node).toMatchObject({ sname: "007", cookie: "0012" });
  });

  test("takes statements, files and modules in order, one argument each", () => {
    const line = read("-e", "1", "-e", "-2", "-r", "a.ts", "-r", "b.ts", "one.ts", "two.ts");
    expect(line).toMatchObject({ evaluate: ["1", "-2"], require: ["a.ts", "b.ts"], files: ["one.ts", "two.ts"] });
    expect(read("--eval", "f()", "file.ts")).toMatchObject({ evaluate: ["f()"], files: ["file.ts"] });
  });

  test("takes --no-halt and --bail", () => {
    expect(read("--no-halt", "--bail")).toMatchObject({ halt: false, bail: true });
  });

  test("takes names for a command", () => {
    expect(read("names")).toMatchObject({ command: "names", files: [] });
  });

  test.each([
    ["127.0.0.1", "127.0.0.1", undefined],
    ["0.0.0.0:4000", "0.0.0.0", 4000],
    [":4000", undefined, 4000],
    ["[::1]:4000", "::1", 4000],
    ["::1", "::1", undefined],
  ])("takes %s to listen on", (text, host, port) => {
    expect(read("--sname", "a", "--listen", text).node).toMatchObject({ host, port });
  });

  test.each([
    [["--bogus"], "Unknown argument: bogus. See moebi --help"],
    [["--sname", "a", "--name", "b@c"], "Give --sname or --name, not both"],
    [["--tls-cert", "c.pem"], "TLS needs both --tls-cert and --tls-key"],
    [["--net-ticktime", "0"], "--net-ticktime takes a number above 0"],
    [["--net-ticktime", "soon"], "--net-ticktime takes a number above 0"],
    [["--tls-cert", "/nowhere/c.pem", "--tls-key", "/nowhere/k.pem"], "Can't read /nowhere/c.pem"],
    [["--auto-connect", "perhaps"], "always"],
    [["--sname", "a", "--sname", "b"], "Give --sname once"],
    [["--sname"], "Not enough arguments following: sname"],
    [["--sname="], "--sname needs a value"],
    [["-e"], "Not enough arguments following: e. See moebi --help"],
    [["--listen", "127.0.0.1"], "Only a node with a name listens: give --sname or --name beside --listen"],
    [["--listen", "127.0.0.1:99999"], "--listen takes a port up to 65535"],
  ])("refuses %j, saying what is wrong", (args, message) => {
    expect(() => read(...args)).toThrow(
      expect.objectContaining({ code: "badarg", message: expect.stringContaining(message) as string }) as Error,
    );
  });

  test("shows every option for --help, and the version for --version", () => {
    const help = printed("--help");
    for (const option of [
      "--sname",
      "--name",
      "--cookie",
      "--app",
      "--eval",
      "--require",
      "--bail",
      "--listen",
      "names",
    ])
      expect(help).toContain(option);
    expect(help).toContain("MOEBI_EPMD_PORT");
    expect(help).not.toMatch(/\[(?:boolean|string|number|array|default|choices)/u);
    expect(help.indexOf("--sname")).toBeLessThan(help.indexOf("--net-ticktime"));
    expect(printed("--version")).toBe("1.2.3\n");
  });
});
