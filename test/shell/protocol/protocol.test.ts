import { describe, expect, test } from "vitest";
import { type Answer, drive } from "../../support/protocol-driver.ts";

describe("eval", () => {
  test("answers with the value as the prompt prints it and as JSON, then that it is done", async () => {
    const driver = await drive();
    expect(await driver.evaluate(1, "[1, { a: 'b' }]")).toEqual([
      { id: 1, session: "main", value: '[1, { a: "b" }]', json: [1, { a: "b" }] },
      { id: 1, session: "main", status: ["done"] },
    ]);
    expect(await driver.evaluate(2, "interface A {}")).toEqual([{ id: 2, session: "main", status: ["done"] }]);
    expect(await driver.evaluate(3, "  // nothing")).toEqual([{ id: 3, session: "main", status: ["done"] }]);
    expect(await driver.evaluate(4, "h(flush)")).toHaveLength(2);
  });

  test("says why there is no JSON of a value, and then only prints it", async () => {
    const driver = await drive();
    const [cyclic] = await driver.evaluate(1, "const o: any = {}; o.o = o; o");
    expect(cyclic).toMatchObject({ value: "{ o: [Circular] }", jsonOmitted: "not_json" });
    const [large] = await driver.evaluate(2, "'x'.repeat(2_000_000)");
    expect(large).toMatchObject({ jsonOmitted: "too_large" });
    const [thrower] = await driver.evaluate(3, "({ toJSON() { throw 1 } })");
    expect(thrower).toMatchObject({ jsonOmitted: "not_json" });
  });

  test("tells of errors by code, name, message and the place in the file it was told of, and keeps variables", async () => {
    const driver = await drive();
    await driver.evaluate(1, "const kept = 1");
    const [failed] = await driver.evaluate(
      2,
      "\nfunction f(n: number) { throw Object.assign(new TypeError('bad'), { code: 'c' }) }\nf(1)",
      {
        file: "/tmp/a.ts",
        line: 10,
      },
    );
    expect(failed).toMatchObject({
      error: {
        ...{ name: "TypeError", message: "bad", code: "c" },
        text: expect.stringMatching(/^\*\* \(TypeError\) bad\n {4}at f \(\/tmp\/a\.ts:11/) as string,
        frames: [
          { fun: "f", file: "/tmp/a.ts", line: 11 },
          { file: "/tmp/a.ts", line: 12 },
        ],
      },
      status: ["error", "done"],
    });
    expect(await driver.evaluate(3, "let = ;")).toMatchObject([
      { error: { code: "syntax", frames: [{ line: 1, column: 7 }] } },
    ]);
    expect(await driver.evaluate(4, "throw 'word'")).toMatchObject([{ error: { name: "throw", message: '"word"' } }]);
    expect(await driver.evaluate(5, "exit('why')")).toMatchObject([{ error: { name: "exit", code: "exit" } }]);
    expect((await driver.evaluate(6, "kept"))[0]?.value).toBe("1");
  });

  test("is answered too when it ends the process that evaluates, whatever the reason, and the next is evaluated", async () => {
    const driver = await drive();
    expect(await driver.evaluate(1, "const kept = 1; Process.exit(self(), 'kill'); await receive()")).toMatchObject([
      { error: { code: "exit", message: "killed" }, status: ["error", "done"] },
    ]);
    expect(await driver.evaluate(2, "respawn(); await receive()")).toMatchObject([{ status: ["done"] }]);
    expect((await driver.evaluate(3, "kept"))[0]?.value).toBe("1");
  });

  test("evaluates one after the other in a session, in the order they came", async () => {
    const driver = await drive();
    driver.send(
      { id: 1, op: "eval", code: "await Process.sleep(1); IO.puts('one')" },
      { id: 2, op: "eval", code: "IO.puts('two')" },
      { id: 3, op: "sessions" },
    );
    await driver.done(2);
    expect(driver.of(3)).toMatchObject([{ sessions: [{ session: "main" }] }]);
    const evaluated = driver.answers.filter(({ id }) => id !== 3);
    expect(evaluated.map(({ id }) => id)).toEqual([...evaluated.map(({ id }) => id)].sort());
  });

  test("an id that another evaluation has is refused while that is not done", async () => {
    const driver = await drive();
    driver.send({ id: 1, op: "eval", code: "await receive()" }, { id: 1, op: "eval", code: "2" });
    expect(await driver.until(({ error }) => error !== undefined)).toMatchObject({
      id: 1,
      error: { code: "id_in_use" },
    });
    await driver.ask({ id: 2, op: "interrupt", interruptId: 1 });
    await driver.until(({ status }) => status?.includes("interrupted") === true);
    driver.answers.length = 0;
    expect((await driver.evaluate(1, "3"))[0]?.value).toBe("3");
  });
});

describe("output", () => {
  test("carries the id of the evaluation that began what prints, also when others run", async () => {
    const driver = await drive();
    await driver.evaluate(1, "const printer = spawn(async () => { await receive(); IO.puts('from one') }); void 0");
    await driver.evaluate(2, "console.log('from two'); send(printer, 'go')");
    await driver.until(({ out }) => out === "from one\n");
    expect(driver.of(1).find(({ out }) => out !== undefined)?.out).toBe("from one\n");
    expect(driver.of(2).find(({ out }) => out !== undefined)?.out).toBe("from two\n");
  });

  test("carries that id also after a thousand others, whose leaders end", async () => {
    const driver = await drive();
    await driver.evaluate(
      "first",
      "const printer = spawn(async () => { await receive(); IO.puts('still here') }); void 0",
    );
    const before = (await driver.evaluate("before", "Process.list().length"))[0]?.json as number;
    for (let i = 0; i < 1600; i++) driver.send({ id: i, op: "eval", code: "1" });
    await driver.done(1599);
    const after = (await driver.evaluate("after", "Process.list().length"))[0]?.json as number;
    expect(after - before).toBeLessThanOrEqual(1001);
    await driver.evaluate("go", "send(printer, 'go')");
    expect(await driver.until(({ out }) => out === "still here\n")).toMatchObject({ id: "first" });
  });

  test("of code that nobody awaited is that of its evaluation, not of the one that runs", async () => {
    const driver = await drive();
    await driver.evaluate(
      1,
      "const gate = Promise.withResolvers<void>(); void gate.promise.then(() => IO.puts('late')); void 0",
    );
    await driver.evaluate(2, "gate.resolve(); await Process.sleep(1)");
    const late = await driver.until(({ out }) => out === "late\n");
    expect(late.id).toBe(1);
  });

  test("comes before what came of the evaluation, though nobody awaited it", async () => {
    const driver = await drive();
    const answers = await driver.evaluate(1, "for (let i = 0; i < 1000; i++) IO.puts(i); 'end'");
    expect(answers.map((answer) => Object.keys(answer).at(-1))).toEqual(["out", "json", "status"]);
    expect(answers[0]?.out?.split("\n")).toHaveLength(1001);
  });
});

describe("interrupt", () => {
  test("stops the one that runs, and takes one that waits from the queue; the rest goes on", async () => {
    const driver = await drive();
    driver.send(
      { id: 1, op: "eval", code: "const kept = 1; IO.puts('waits'); await receive()" },
      { id: 2, op: "eval", code: "'never'" },
      { id: 3, op: "eval", code: "kept" },
    );
    await driver.until(({ out }) => out === "waits\n");
    await driver.ask({ id: 4, op: "interrupt", interruptId: 2 });
    await driver.ask({ id: 5, op: "interrupt" });
    await driver.done(3);
    expect(driver.of(1).at(-1)?.status).toEqual(["interrupted", "done"]);
    expect(driver.of(2)).toEqual([{ id: 2, session: "main", status: ["interrupted", "done"] }]);
    expect(driver.of(3)[0]?.value).toBe("1");
  });

  test("stops one that was asked for in the same moment, and none but it", async () => {
    const driver = await drive();
    for (let i = 0; i < 20; i++)
      driver.send(
        { id: `wait ${String(i)}`, op: "eval", code: "await receive()" },
        { id: `stop ${String(i)}`, op: "interrupt", interruptId: `wait ${String(i)}` },
        { id: `value ${String(i)}`, op: "eval", code: String(i) },
      );
    await driver.done("value 19");
    for (let i = 0; i < 20; i++) {
      expect(driver.of(`wait ${String(i)}`).at(-1)?.status).toEqual(["interrupted", "done"]);
      expect(driver.of(`value ${String(i)}`)[0]?.value).toBe(String(i));
    }
  });

  test("says that nothing runs, or that there is no such evaluation", async () => {
    const driver = await drive();
    expect(await driver.ask({ id: 1, op: "interrupt" })).toEqual([{ id: 1, status: ["sessionIdle", "done"] }]);
    expect(await driver.ask({ id: 2, op: "interrupt", interruptId: 9 })).toMatchObject([
      { error: { code: "no_such_evaluation" } },
    ]);
  });
});

describe("stdin", () => {
  test("answers an evaluation that reads, which says so", async () => {
    const driver = await drive();
    driver.send({ id: 1, op: "eval", code: "[await IO.gets('name? '), await IO.getn('', 2), await IO.gets()]" });
    expect(await driver.until(({ status }) => status?.includes("needInput") === true)).toEqual({
      ...{ id: 1, session: "main", prompt: "name? ", status: ["needInput"] },
    });
    await driver.ask({ id: 2, op: "stdin", stdin: "Ada" });
    await driver.ask({ id: 3, op: "stdin", stdin: "abcd\n" });
    await driver.done(1);
    expect(driver.of(1).find(({ json }) => json !== undefined)?.json).toEqual(["Ada\n", "ab", "cd\n"]);
  });

  test("that comes early is kept; no characters are the end of input", async () => {
    const driver = await drive();
    await driver.ask({ id: 1, op: "stdin", stdin: "one\ntwo\n" });
    expect((await driver.evaluate(2, "[await IO.gets(), await IO.gets()]"))[0]?.json).toEqual(["one\n", "two\n"]);
    driver.send({ id: 3, op: "eval", code: "await IO.gets()" });
    await driver.until(({ id, status }) => id === 3 && status?.includes("needInput") === true);
    await driver.ask({ id: 4, op: "stdin", stdin: "" });
    await driver.done(3);
    expect(driver.of(3).find(({ json }) => json !== undefined)?.json).toBe("eof");
  });
});

describe("what an editor asks", () => {
  test("isComplete says whether Enter would end a statement", async () => {
    const driver = await drive();
    const of = async (code: string): Promise<unknown> => (await driver.ask({ id: code, op: "isComplete", code }))[0];
    expect(await of("1 + 1")).toMatchObject({ completeness: "complete" });
    expect(await of("f(1,")).toMatchObject({ completeness: "incomplete" });
    expect(await of("f)")).toMatchObject({ completeness: "invalid", problem: { line: 1, column: 2 } });
  });

  test("complete lists candidates with kind, signature and doc, also the only one, and what they take the place of", async () => {
    const driver = await drive();
    await driver.evaluate(
      1,
      "/** Says hello. */ function greet(name: string) { return name }\nclass Ship {}\nconst ships = { get one() { throw 1 }, two: 2 }",
    );
    const of = async (code: string, cursor?: number): Promise<Answer | undefined> =>
      (
        await driver.ask({
          id: `${code} ${String(cursor)}`,
          op: "complete",
          code,
          ...(cursor !== undefined && { cursor }),
        })
      )[0];
    expect(await of("1 + gree")).toMatchObject({
      ...{ start: 4, end: 8 },
      candidates: [{ text: "greet", kind: "function", signature: "greet(name: string)" }],
    });
    expect(await of("ships.; rest", 6)).toMatchObject({
      ...{ start: 6, end: 6 },
      candidates: [
        { text: "one", kind: "property" },
        { text: "two", kind: "property", signature: "number" },
      ],
    });
    expect((await of("Shi"))?.["candidates"]).toMatchObject([{ text: "Ship", kind: "class" }]);
    expect((await of("typeo"))?.["candidates"]).toMatchObject([{ text: "typeof", kind: "keyword" }]);
    expect((await of("Task"))?.["candidates"]).toMatchObject([{ text: "Task", kind: "module" }]);
    expect((await of("greet("))?.["candidates"]).toMatchObject([
      { kind: "signature", signature: "greet(name: string)" },
    ]);
    expect((await of("nothing.at.all."))?.["candidates"]).toEqual([]);
  });

  test("lookup tells what h() and i() do, and runs nothing", async () => {
    const driver = await drive();
    await driver.evaluate(
      1,
      "/** Says hello. */ function greet(name) { return name }\nconst ships = { get one() { throw 1 } }",
    );
    const of = async (name: string): Promise<Answer | undefined> =>
      (await driver.ask({ id: name, op: "lookup", name }))[0];
    expect(await of("greet")).toMatchObject({
      doc: "greet(name)\n\nSays hello.",
      info: expect.stringContaining("Data type\n  function") as string,
    });
    expect((await of("flush"))?.["doc"]).toContain("Prints the messages");
    expect(await of("ships.one")).toEqual({ id: "ships.one", status: ["noInfo", "done"] });
  });

  test("describe tells the operations, versions and the node", async () => {
    const driver = await drive();
    expect(await driver.ask({ id: 1, op: "describe" })).toMatchObject([
      {
        node: "nonode@nohost",
        versions: { moebi: "0", protocol: 1 },
        ops: { eval: { fields: { code: { type: "string" } } } },
      },
    ]);
  });
});

describe("sessions", () => {
  test("have variables and a process of their own, and evaluate beside each other", async () => {
    const driver = await drive();
    expect(await driver.ask({ id: 1, op: "newSession" })).toEqual([{ id: 1, session: "1", status: ["done"] }]);
    driver.send({ id: 2, op: "eval", code: "const mine = self(); await receive()" });
    expect((await driver.evaluate(3, "typeof mine", { session: "1" }))[0]?.json).toBe("undefined");
    expect((await driver.ask({ id: 4, op: "sessions" }))[0]?.["sessions"]).toEqual([
      { session: "main", running: [2], queued: [] },
      { session: "1", running: [], queued: [] },
    ]);
  });

  test("end when they are closed, and what waited is answered; the name is then unknown", async () => {
    const driver = await drive();
    await driver.ask({ id: 1, op: "newSession" });
    driver.send(
      { id: 2, op: "eval", session: "1", code: "await receive()" },
      { id: 3, op: "eval", session: "1", code: "3" },
    );
    await driver.ask({ id: 4, op: "closeSession", session: "1" });
    await driver.until(({ event }) => event === "sessionClosed");
    expect([driver.of(2), driver.of(3)]).toMatchObject([
      [{ status: ["interrupted", "done"] }],
      [{ status: ["interrupted", "done"] }],
    ]);
    expect(await driver.evaluate(5, "1", { session: "1" })).toMatchObject([{ error: { code: "no_such_session" } }]);
  });
});

describe("the end of input", () => {
  test("lets everything end that was asked for; what reads then reads the end", async () => {
    const driver = await drive();
    driver.send(
      { id: 1, op: "eval", code: "await IO.gets()" },
      { id: 2, op: "eval", code: "2" },
      { id: 3, op: "newSession" },
    );
    driver.protocol.end();
    await driver.over;
    expect(driver.of(1).find(({ json }) => json !== undefined)?.json).toBe("eof");
    expect(driver.of(2)[0]?.value).toBe("2");
  });
});

test("what is no message is answered with what is wrong, and what follows is taken", async () => {
  const driver = await drive();
  driver.protocol.hear("nonsense");
  driver.protocol.hear("");
  expect((await driver.evaluate(1, "1"))[0]?.value).toBe("1");
  expect(driver.answers[0]).toEqual({
    error: { name: "ProtocolError", code: "not_json", message: expect.any(String) as string },
    status: ["error", "done"],
  });
});
