import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { captureShell } from "../support/capture-shell.ts";
import { general } from "../support/transcript.ts";

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "moebi-shell-"));
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

async function file(name: string, text: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

describe("evaluating", () => {
  test("IEX-001: shows the value of each expression", async () => {
    const { out, err, ok } = await captureShell('1 + 1\n"text"\n[1, { a: 2 }]\nconst x = 3\nx * 2\n');
    expect({ out, err, ok }).toEqual({ out: '2\n"text"\n[1, { a: 2 }]\n3\n6\n', err: "", ok: true });
  });

  test("IEX-003: takes an expression over several lines", async () => {
    const { out } = await captureShell("[1,\n 2,\n 3]\n`a\nb`\n");
    expect(out).toBe('[1, 2, 3]\n"a\\nb"\n');
  });

  test("IEX-004: gives up an unfinished expression at the break line, and goes on", async () => {
    const { out, err, ok } = await captureShell("[1,\n#moebi:break\n2\n");
    expect({ out, err, ok }).toEqual({
      out: "2\n",
      err: "** (IncompleteError) the statement was given up\n",
      ok: false,
    });
  });

  test("IEX-004: takes the break line for nothing where no expression has begun", async () => {
    const { out, err, ok } = await captureShell("#moebi:break\n2\n");
    expect({ out, err, ok }).toEqual({ out: "2\n", err: "", ok: true });
  });

  test("IEX-005: shows kind, message and the user's frames of what is thrown, and keeps variables", async () => {
    const { out, err } = await captureShell(
      'const x = 1\nfunction f() { throw new RangeError("too much") }\nf()\nthrow "word"\nexit("why")\nx\n',
    );
    expect(out).toBe("1\n1\n");
    expect(err).toMatch(/^\*\* \(RangeError\) too much\n {4}at f \(moebi\(2\):1:\d+\)\n/);
    expect(err).not.toMatch(/node:|evaluator|session|\/src\//);
    expect(err).toContain('** (throw) "word"\n');
    expect(err).toContain('** (exit) "why"\n');
  });

  test("IEX-007: gives earlier results by number", async () => {
    const { out, err } = await captureShell('"one"\n"two"\nv(1)\nv(-2)\nv()\nv(99)\n');
    expect(out).toBe('"one"\n"two"\n"one"\n"two"\n"two"\n');
    expect(err).toContain("99");
  });

  test("IEX-012: shows line, column and cause of a syntax error", async () => {
    const { out, err, ok } = await captureShell("const = 1\n2\n");
    expect({ out, ok }).toEqual({ out: "2\n", ok: false });
    expect(err).toMatch(/^\*\* \(SyntaxError\) moebi\(1\):1:7: .+\n/);
    expect(err).toMatch(/1 \| const = 1\n.*\|\s+\^/);
  });

  test("IEX-016: says whether module or function is missing, with the number of arguments", async () => {
    const { err } = await captureShell("const Kate = { sayName() {} }\nKate.sayNam(1)\nNobody.hello()\n");
    expect(err).toMatch(/Kate\.sayNam\/1/);
    expect(err).toMatch(/Nobody is not defined\n {2}module Nobody is not loaded/);
  });

  test("takes any text for a statement, the word for the end of input included", async () => {
    const { out, err } = await captureShell('const eof = 1\neof\n"after"\n');
    expect({ out, err }).toEqual({ out: '1\n1\n"after"\n', err: "" });
  });

  test("awaits promises at the top, in initialisers too", async () => {
    const { out } = await captureShell("Promise.resolve(1)\nconst x = Promise.resolve(2)\nx + 1\n");
    expect(out).toBe("1\n2\n3\n");
  });

  test("ends at the first failure when told to", async () => {
    const { out, ok } = await captureShell("1\nmissing\n2\n", { shell: { bail: true } });
    expect({ out, ok }).toEqual({ out: "1\n", ok: false });
  });

  test("evaluates what stands last without a newline, and says what is incomplete", async () => {
    expect((await captureShell("1\n2")).out).toBe("1\n2\n");
    const { err, ok } = await captureShell("[1,");
    expect(err).toMatch(/^\*\* \(SyntaxError\) moebi\(1\):1:4: Unexpected end of input\n/);
    expect(ok).toBe(false);
  });
});

describe("the shell's process", () => {
  test("IEX-009: flush shows the messages in order, gives ok, and shows none again", async () => {
    const { out } = await captureShell('send(self(), "one")\nsend(self(), ["two", 2])\nflush()\nflush()\n');
    expect(out).toBe('"one"\n["two", 2]\n"one"\n["two", 2]\n"ok"\n"ok"\n');
  });

  test("IEX-010: a linked process that dies takes the shell's with it, and a new one goes on with the variables", async () => {
    const { out, err, ok } = await captureShell(
      [
        "const kept = 7",
        "const before = self()",
        '(spawnLink(() => exit("boom")), receive(() => false))',
        "kept",
        "v(1)",
        "self() === before",
      ].join("\n"),
    );
    expect(general(err)).toContain('** (EXIT from #PID<…>) shell process exited with reason: "boom"\n');
    const pid = /EXIT from (#PID<[\d.]+>)/.exec(err)?.[1];
    expect(out).toContain(`${String(pid)}\n`);
    // The first value of the new process: numbering began again.
    expect(out.endsWith("7\n7\nfalse\n")).toBe(true);
    expect(ok).toBe(false);
  });

  test("IEX-010: lives on when a linked process ends normally, or when it traps exits", async () => {
    const { out, err } = await captureShell(
      'const pid = self()\nconst one = spawnLink(() => 1)\nProcess.flag("trapExit", true)\nconst two = spawnLink(() => exit("boom"))\nreceive((m) => m[2] === "boom")\nself() === pid\n',
    );
    expect(err).toBe("");
    expect(general(out)).toMatch(/\["EXIT", #PID<…>, "boom"\]\ntrue\n$/);
  });

  test("IEX-010: respawn gives another process, without a failure", async () => {
    const { out, err, ok } = await captureShell("const pid = self()\nrespawn()\nself() === pid\n");
    expect(general(out)).toBe("#PID<…>\nfalse\n");
    expect({ err, ok }).toEqual({ err: "", ok: true });
  });

  test("reads lines for IO.gets from standard input, apart from the statements", async () => {
    const { out } = await captureShell('IO.gets("Name? ")\nIO.gets()\nIO.gets()\n', { input: "Kate\nAlex" });
    expect(out).toBe('"Kate\\n"\n"Alex"\n"eof"\n');
  });
});

describe("helpers", () => {
  test("IEX-026: i tells kind and details, of a process whether it lives, its name, links and mailbox", async () => {
    const { out } = await captureShell('Process.register(self(), "me")\nsend(self(), 1)\ni(self())\ni("x")\n');
    expect(general(out)).toMatch(/Term\n {2}#PID<…>\nData type\n {2}Pid\nAlive\n {2}true\nName\n {2}me\nLinks\n/);
    expect(out).toMatch(/Message queue length\n {2}1\n/);
    expect(out).toMatch(/Term\n {2}"x"\nData type\n {2}string\n/);
  });

  test("IEX-027: h shows documentation with the signature, or that there is none", async () => {
    const { out } = await captureShell(
      "function sayName(name: string) { return name }\nh(sayName)\nh(flush)\nh('nothing.there')\n",
    );
    expect(out).toContain("sayName(name: string)\n");
    expect(out).toContain("flush()");
    expect(out).toContain("No documentation for nothing.there was found");
  });

  test("IEX-028: c loads a file's modules, and with an error shows place and cause and loads nothing", async () => {
    const good = await file("kate.ts", 'export const Kate = { sayName: (): string => "Kate" };\n');
    const bad = await file("bad.ts", "export const Bad = {\n  a: 1 +\n};\n");
    const { out, err } = await captureShell(
      `c(${JSON.stringify(good)})\nKate.sayName()\nc(${JSON.stringify(bad)})\nBad\n`,
    );
    expect(out).toBe('["Kate"]\n"Kate"\n');
    expect(err).toMatch(/bad\.ts:\d+:\d+/);
    expect(err).toContain("Bad is not defined");
  });

  test("loads files of -r before the first statement, and says what is wrong with one", async () => {
    const good = await file("alex.ts", "export const Alex = { one: () => 1 };\n");
    const { out, err, ok } = await captureShell("Alex.one()\n", { require: [good, join(folder, "missing.ts")] });
    expect(out).toBe("1\n");
    expect(err).toContain("missing.ts");
    expect(ok).toBe(false);
  });

  test("IEX-031: pid makes the real pid from text or numbers, and refuses other text", async () => {
    const { out, err } = await captureShell(
      'const text = inspect(self())\npid(text) === self()\npid(text.slice(5, -1)) === self()\nconst [a, b, c] = text.slice(5, -1).split(".").map(Number)\npid(a, b, c) === self()\npid("1.2")\n',
    );
    expect(out.match(/^true$/gm)).toHaveLength(3);
    expect(err).toContain('pid("1.2") is no pid');
  });

  test("IEX-035: ls, pwd, cd and clear do as they say, and say why not", async () => {
    const place = join(folder, "place");
    await mkdir(join(place, "inner"), { recursive: true });
    await writeFile(join(place, "a.txt"), "");
    const before = process.cwd();
    try {
      const { out, err } = await captureShell(
        `cd(${JSON.stringify(place)})\npwd()\nls()\nls("nowhere")\ncd("nowhere")\nclear()\n`,
      );
      expect(err).toBe("");
      expect(out).toMatch(/a\.txt +inner\/\n/);
      expect(out).toContain("No such file or directory nowhere\n");
      expect(out).toContain("No directory nowhere\n");
      expect(out).toContain("There is no screen to clear");
    } finally {
      process.chdir(before);
    }
  });
});
