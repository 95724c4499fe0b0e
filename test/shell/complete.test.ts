import { beforeEach, describe, expect, test } from "vitest";
import { createScope } from "../../src/code/environment.ts";
import { complete as completeWith } from "../../src/shell/complete.ts";
import { Session } from "../../src/shell/session.ts";

const modules: Record<string, unknown> = {};
let session: Session;
const ran: string[] = [];

beforeEach(async () => {
  for (const name of Object.keys(modules)) Reflect.deleteProperty(modules, name);
  Object.assign(modules, {
    self: () => "pid",
    send: (_to: unknown, _message: unknown) => undefined,
    sendAfter: (_to: unknown, _message: unknown, _time: unknown) => undefined,
    ran,
    IO: { puts(_text: string) {}, inspect(_value: unknown, _options = {}) {} },
  });
  const scope = createScope({
    lookup: modules,
    defineModule: (name, value) => (modules[name] = value),
    describeMissing: () => "",
  });
  session = new Session({ scope, helpers: { flush: () => "ok" } });
  for (const source of [
    "const Kate = { sayName(first, last = 'x') {}, sayAge: () => 5, age: 5, friends: [{ nameOfFriend: 'Al' }], 'not a name': 1 }",
    "class Ping { static ping() {} static pong(n) {} constructor(a, b) {} }",
    "const kitten = { purr() {}, get loud() { ran.push('getter'); return { deep: 1 } } }",
    "const proxy = new Proxy({}, { get() { ran.push('get') }, ownKeys() { ran.push('ownKeys'); return [] }, getPrototypeOf() { ran.push('proto'); return null } })",
    "let kite = 'red'",
  ]) {
    await (await session.prepare(source)).run();
  }
  // Evaluating a proxy asks it whether it is a promise.
  ran.length = 0;
});

const complete = (before: string, texts: readonly string[] = []) => completeWith(before, session, { texts });
const listed = (before: string) => complete(before).candidates.map(({ name }) => name);

describe("complete()", () => {
  test("IEX-018: fills in the only continuation", () => {
    expect(complete("Kat")).toEqual({ insert: "e", candidates: [] });
    expect(complete("kitt")).toEqual({ insert: "en", candidates: [] });
    expect(complete("flu")).toEqual({ insert: "sh", candidates: [] });
    expect(complete("Kate.f")).toEqual({ insert: "riends", candidates: [] });
    expect(complete("Kate.friends[0].n")).toEqual({ insert: "ameOfFriend", candidates: [] });
    expect(complete("Kate?.ag")).toEqual({ insert: "e", candidates: [] });
    expect(complete("instanc")).toEqual({ insert: "eof", candidates: [] });
  });

  test("IEX-018: lists several with their argument counts, and fills in what they share", () => {
    expect(complete("Kate.s")).toEqual({ insert: "ay", candidates: [{ name: "sayAge/0" }, { name: "sayName/1" }] });
    expect(listed("Kate.")).toEqual(["age", "friends", "sayAge/0", "sayName/1"]);
    expect(complete("sen")).toEqual({ insert: "d", candidates: [{ name: "send/2" }, { name: "sendAfter/3" }] });
    expect(listed("Ping.")).toEqual(["ping/0", "pong/1"]);
    expect(complete("kit")).toEqual({ insert: "", candidates: [{ name: "kite" }, { name: "kitten" }] });
  });

  test("IEX-018: gives nothing when nothing fits", () => {
    for (const before of ["xyzzy", "Kate.zz", "kate.", "nothing.at.all", "Kate.age.zz"]) {
      expect(complete(before)).toEqual({ insert: "", candidates: [] });
    }
  });

  test("case counts", () => {
    expect(complete("Ki").candidates).toEqual([]);
    expect(complete("Ki").insert).toBe("");
  });

  test.each([
    "1 + Kate.ag",
    "foo(Kate.ag",
    "[1, Kate.ag",
    "() => Kate.ag",
    "const x = Kate.ag",
    "!Kate.ag",
    "`${1}` + Kate.ag",
    "a\nKate.ag",
  ])("IEX-021: completes only the last part of %j", (before) => {
    expect(complete(before)).toEqual({ insert: "e", candidates: [] });
  });

  test.each(["f().", "(a + b).", "Kate.sayName().", "5.", "a b[c]."])("what %j would be is not guessed", (before) => {
    expect(complete(before)).toEqual({ insert: "", candidates: [] });
  });

  test("IEX-022: an open parenthesis shows the parameters", () => {
    expect(listed("Kate.sayName(")).toEqual(["sayName(first, last = 'x')"]);
    expect(listed("1 + Kate.sayAge(")).toEqual(["sayAge()"]);
    expect(listed("IO.inspect( ")).toEqual(["inspect(_value, _options = {})"]);
    expect(listed("new Ping(")).toEqual(["Ping(a, b)"]);
    expect(listed("Math.max(")).toEqual(["max(arg1, arg2)"]);
    expect(listed("nothing(")).toEqual([]);
    expect(complete("Kate.sayName(").insert).toBe("");
  });

  test("inside quotes, the texts that may stand there", () => {
    const nodes = ["kate@localhost", "alex@localhost"];
    expect(complete('Node.ping("ka', nodes)).toEqual({ insert: "te@localhost", candidates: [] });
    expect(complete("Node.ping('", nodes).candidates).toEqual([{ name: "alex@localhost" }, { name: "kate@localhost" }]);
    expect(complete('"it\\"s" + Kat', nodes)).toEqual({ insert: "e", candidates: [] });
    expect(complete('"Kat', nodes)).toEqual({ insert: "", candidates: [] });
  });

  test("primitives have the members of their kind", () => {
    expect(complete("kite.toUpp")).toEqual({ insert: "erCase", candidates: [] });
    expect(complete("process.exitC").insert).toBe("ode");
  });

  test("nothing of the user's is run", () => {
    complete("kitten.loud.");
    complete("kitten.lo");
    complete("proxy.");
    complete("proxy.a.b");
    complete("prox");
    complete("proxy(");
    complete("");
    expect(ran).toEqual([]);
    expect(listed("proxy.")).toEqual([]);
    expect(complete("kitten.lo").insert).toBe("ud");
  });

  test("with nothing typed, what is the user's own and the library's", () => {
    const all = listed("");
    expect(all).toEqual(expect.arrayContaining(["Kate", "Ping", "kitten", "self/0", "flush/0", "v/1", "IO"]));
    expect(all).not.toContain("Array");
    expect(all).not.toContain("toString/0");
  });
});
