import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { execFile, execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { inspect } from "node:util";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import { Cookie, CookieJar, readOrCreateCookie } from "../../src/node/cookie.ts";
import { hasCode } from "../../src/term/error.ts";

const directory = mkdtempSync(join(tmpdir(), "moebi-cookie-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

let files = 0;
function path(): string {
  return join(directory, `cookie-${++files}`);
}

/** A cookie file of that text and mode. */
function cookieFile(text: string | Uint8Array, mode = 0o600): string {
  const file = path();
  writeFileSync(file, text);
  chmodSync(file, mode);
  return file;
}

/** The message of the refusal. */
function refusal(file: string): string {
  try {
    readOrCreateCookie({ path: file, env: {} });
  } catch (error) {
    if (hasCode(error, "bad_cookie_file")) return (error as Error).message;
    throw error;
  }
  throw new Error("It was read");
}

function keyOf(cookie: Cookie): string {
  return cookie.key().export().toString("hex");
}

describe("Cookie", () => {
  const secret = "a-secret-of-the-cluster";
  const cookie = new Cookie(secret);

  test("C4: does not show its value, however it is printed", () => {
    const jar = new CookieJar(cookie);
    jar.set("kate@localhost", cookie);
    const shown = [
      String(cookie),
      `${cookie}`,
      JSON.stringify({ cookie, jar }),
      inspect({ cookie, jar }, { depth: Infinity, showHidden: true, getters: true }),
      inspect(cookie.key(), { showHidden: true }),
      JSON.stringify(Object.getOwnPropertyDescriptors(cookie)),
      inspect(structuredClone(cookie)),
    ].join("\n");
    expect(shown).toContain("Cookie{ … }");
    expect(shown).not.toContain(secret);
    expect(shown).not.toContain(keyOf(cookie));
  });

  test("derives one key for one value, and another for another", () => {
    expect(cookie.key()).toBe(cookie.key());
    expect(keyOf(new Cookie(secret))).toBe(keyOf(cookie));
    expect(keyOf(new Cookie("b"))).not.toBe(keyOf(cookie));
    expect(cookie.key().symmetricKeySize).toBe(32);
  });

  test("says how long it is", () => {
    expect(cookie.length).toBe(secret.length);
  });

  test("is neither empty nor longer than 4096 bytes, and says so without its value", () => {
    expect(() => new Cookie("")).toThrow(expect.objectContaining({ code: "badarg" }));
    expect(() => new Cookie("ä".repeat(2049))).toThrow(/^A cookie has at most 4096 bytes$/);
  });
});

describe("CookieJar", () => {
  test("DIST-005: has a cookie for one peer beside its own", () => {
    const own = new Cookie("own");
    const other = new Cookie("other");
    const jar = new CookieJar(own);
    jar.set("kate@localhost", other);
    expect(jar.for("kate@localhost")).toBe(other);
    expect(jar.for("alex@localhost")).toBe(own);
    expect(jar.default).toBe(own);
  });
});

describe("readOrCreateCookie()", () => {
  test("C1: makes a file with 32 random bytes that only its owner can use", () => {
    const file = path();
    const cookie = readOrCreateCookie({ path: file, env: {} });
    expect(readFileSync(file, "utf8")).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(cookie.length).toBe(43);
    expect(readdirSync(directory).filter((name) => name.startsWith(`cookie-${files}.`))).toEqual([]);
  });

  test("C1: is the same the second time, and another elsewhere", () => {
    const file = path();
    const first = keyOf(readOrCreateCookie({ path: file, env: {} }));
    expect(keyOf(readOrCreateCookie({ path: file, env: {} }))).toBe(first);
    expect(keyOf(readOrCreateCookie({ path: path(), env: {} }))).not.toBe(first);
  });

  test("C1: is the same for programs that start together", async () => {
    const file = path();
    const module = new URL("../../src/node/cookie.ts", import.meta.url).href;
    const program = `
      const { readOrCreateCookie } = await import(${JSON.stringify(module)});
      console.log(readOrCreateCookie({ path: ${JSON.stringify(file)}, env: {} }).key().export().toString("hex"));`;
    const run = promisify(execFile);
    const started = Array.from({ length: 3 }, () => run(process.execPath, ["--input-type=module", "-e", program]));
    const keys = (await Promise.all(started)).map(({ stdout }) => stdout.trim());
    expect(new Set(keys)).toEqual(new Set([keyOf(readOrCreateCookie({ path: file, env: {} }))]));
  }, 120_000);

  test("C1: is the other program's if that was quicker", () => {
    const file = path();
    const link = fs.linkSync;
    onTestFinished(() => {
      fs.linkSync = link;
      syncBuiltinESMExports();
    });
    fs.linkSync = (from, to) => {
      writeFileSync(to, "the other program's", { mode: 0o600 });
      link(from, to);
    };
    syncBuiltinESMExports();
    expect(keyOf(readOrCreateCookie({ path: file, env: {} }))).toBe(keyOf(new Cookie("the other program's")));
    expect(readdirSync(directory).filter((name) => name.startsWith(`cookie-${files}.`))).toEqual([]);
  });

  test("finds its file in the home directory", () => {
    const cookie = readOrCreateCookie({ env: {} });
    expect(readFileSync(join(homedir(), ".moebi.cookie"), "utf8")).toHaveLength(cookie.length);
  });

  test("C2: drops one line feed at the end", () => {
    const key = keyOf(new Cookie("secret"));
    expect(keyOf(readOrCreateCookie({ path: cookieFile("secret\n"), env: {} }))).toBe(key);
    expect(keyOf(readOrCreateCookie({ path: cookieFile("secret\r\n"), env: {} }))).toBe(key);
    expect(keyOf(readOrCreateCookie({ path: cookieFile("secret\n\n"), env: {} }))).not.toBe(key);
  });

  test.each([0o640, 0o644, 0o620, 0o604, 0o666])("C2, B15: refuses mode %o, with the command that mends it", (mode) => {
    const file = cookieFile("secret", mode);
    expect(refusal(file)).toContain(`chmod 600 ${file}`);
  });

  test("C2, B15: refuses a link, also to a good file", () => {
    const file = path();
    symlinkSync(cookieFile("secret"), file);
    expect(refusal(file)).toContain("is a link");
  });

  test("C2, B15: refuses a link to nowhere, and makes nothing there", () => {
    const file = path();
    const target = path();
    symlinkSync(target, file);
    expect(refusal(file)).toContain("is a link");
    expect(() => statSync(target)).toThrow("ENOENT");
  });

  test("C2, B15: refuses a FIFO without waiting for it", () => {
    const file = path();
    execFileSync("mkfifo", ["-m", "600", file]);
    expect(refusal(file)).toContain("not a regular file");
  });

  test("C2, B15: refuses a directory", () => {
    const file = path();
    mkdirSync(file, { mode: 0o700 });
    expect(refusal(file)).toContain("not a regular file");
  });

  test.each(["", "\n"])("C2, B15: refuses an empty file (%j)", (text) => {
    expect(refusal(cookieFile(text))).toContain("is empty");
  });

  test("C2, B15: refuses more than 4 KiB", () => {
    expect(refusal(cookieFile("a".repeat(4097)))).toContain("larger than 4096 bytes");
    expect(refusal(cookieFile("a".repeat(1 << 20)))).toContain("larger than 4096 bytes");
    expect(readOrCreateCookie({ path: cookieFile("a".repeat(4096)), env: {} }).length).toBe(4096);
  });

  test("C2: refuses what is not text", () => {
    expect(refusal(cookieFile(Uint8Array.of(0x61, 0xff, 0xfe)))).toContain("is not text");
  });

  test.runIf(process.getuid?.() === 0)("C2, B15: refuses another user's file", () => {
    const file = cookieFile("secret");
    execFileSync("chown", ["65534", file]);
    expect(refusal(file)).toContain("belongs to another user");
  });

  test("says so where no file can be made", () => {
    expect(refusal(join(directory, "nowhere", "cookie"))).toContain("--cookie");
  });

  test("writes the path as a shell takes it", () => {
    const file = join(directory, "it's mine");
    writeFileSync(file, "secret");
    chmodSync(file, 0o644);
    expect(refusal(file)).toContain(String.raw`it'\''s mine'`);
  });

  test("C3: takes the flag before the variable, and that before the file", () => {
    const file = cookieFile("file");
    expect(keyOf(readOrCreateCookie({ path: file, env: { MOEBI_COOKIE: "variable" }, flag: "flag" }))).toBe(
      keyOf(new Cookie("flag")),
    );
    expect(keyOf(readOrCreateCookie({ path: file, env: { MOEBI_COOKIE: "variable" } }))).toBe(
      keyOf(new Cookie("variable")),
    );
    expect(keyOf(readOrCreateCookie({ path: file, env: { MOEBI_COOKIE: "" } }))).toBe(keyOf(new Cookie("file")));
  });

  test.each([{ flag: "flag" }, {}])("C3: deletes MOEBI_COOKIE from the environment with %j", (sources) => {
    process.env["MOEBI_COOKIE"] = "variable";
    readOrCreateCookie(sources);
    expect(process.env).not.toHaveProperty("MOEBI_COOKIE");
  });
});
