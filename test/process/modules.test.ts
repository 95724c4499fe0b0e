import { describe, expect, test } from "vitest";
import {
  defineProgramModule,
  defineUsersModule,
  exportedFunction,
  exportsOf,
  ModuleTable,
  nameOfModule,
  provideLibrary,
  resolveFunction,
} from "../../src/process/modules.ts";

describe("ModuleTable", () => {
  test("belongs to one node, and goes before the program's; a later definition is the next call's", () => {
    const [one, two] = [new ModuleTable(), new ModuleTable()];
    defineProgramModule("TableTest", { who: () => "program" });
    one.define("TableTest", { who: () => "one" });
    const call = (table: ModuleTable): unknown => resolveFunction(table, "TableTest", "who", 0)();
    expect([call(one), call(two)]).toEqual(["one", "program"]);
    one.define("TableTest", { who: () => "one again" });
    expect(call(one)).toBe("one again");
    expect([one.names(), two.names()]).toEqual([["TableTest"], []]);
    expect(two.allNames()).toContain("TableTest");
    expect(one.lookup["TableTest"]).toBe(one.get("TableTest"));
  });

  test("tells the library's modules from those that a program or the node put there", () => {
    const table = new ModuleTable();
    defineProgramModule("OfLibraryTest", {});
    expect([table.isOfLibrary("OfLibraryTest"), table.isOfLibrary("OfNobodyTest")]).toEqual([true, false]);
    table.define("OfLibraryTest", {});
    defineUsersModule("OfUsersTest", {});
    expect([table.isOfLibrary("OfLibraryTest"), table.isOfLibrary("OfUsersTest")]).toEqual([false, false]);
  });

  test("a module that gets a second name keeps the first, as long as it has it", () => {
    const table = new ModuleTable();
    const first = { f: () => 1 };
    table.define("FirstName", first);
    table.define("SecondName", first);
    expect(nameOfModule(first)).toBe("FirstName");
    table.define("FirstName", { f: () => 2 });
    expect(nameOfModule(first)).toBe("SecondName");
  });

  test("functions of the library go by the name they have there, whatever a bundler called them", () => {
    const { async2, map32 } = { async2() {}, map32() {} };
    const module = defineProgramModule("BundledTest", { async: async2, map3: map32, other: map32 });
    expect([module.async.name, module.map3.name]).toEqual(["async", "map3"]);
  });

  test("finds a dotted name through its parent", () => {
    defineProgramModule("DottedTest", {});
    const child = defineProgramModule("DottedTest.Child", { f: () => 1 });
    expect((new ModuleTable().lookup["DottedTest"] as { Child: unknown }).Child).toBe(child);
  });

  test("finds a node's own dotted name through its parent, whichever came first, and the latest", () => {
    const table = new ModuleTable();
    const found = () => (table.lookup["High"] as { Up: { g(): number } }).Up.g();
    table.define("High.Up", { g: () => 1 });
    expect(found()).toBe(1);
    table.define("High", { f: () => 0 });
    expect(found()).toBe(1);
    table.define("High.Up", { g: () => 2 });
    expect(found()).toBe(2);
    expect(table.names()).toEqual(["High.Up", "High"]);
  });

  test.each(["lower", "", "1A", "A-b", "A.", "__proto__", "A b"])("refuses %j as a name", (name) => {
    expect(() => new ModuleTable().define(name, {})).toThrow(expect.objectContaining({ code: "badarg" }));
  });

  test("B10: names of every object's prototype are no names of the library", () => {
    provideLibrary({ modulesTest: 1 });
    const { lookup } = new ModuleTable();
    expect(lookup["modulesTest"]).toBe(1);
    for (const name of ["constructor", "toString", "hasOwnProperty", "__proto__"]) expect(name in lookup).toBe(false);
  });
});

describe("exports", () => {
  class Base {
    static inherited(): void {}
  }
  class Static extends Base {
    static run(): string {
      return Static.field;
    }
    static readonly field = "value";
  }

  test("V3: are own functions only: nothing inherited, no getter run", () => {
    expect(exportsOf(Static)).toEqual(["run"]);
    const module = {
      f: () => 1,
      value: 1,
      get trap(): () => void {
        throw new Error("run");
      },
    };
    expect(exportsOf(module)).toEqual(["f"]);
    for (const name of ["constructor", "toString", "__proto__", "call", "prototype", "inherited"]) {
      expect([exportedFunction(module, name), exportedFunction(Static, name)]).toEqual([undefined, undefined]);
    }
  });

  test("of a class are also those whose names every function has something by", () => {
    class Server {
      static call(): string {
        return "own";
      }
    }
    expect(exportsOf(Server)).toEqual(["call"]);
    expect(exportedFunction(Server, "call")).toBe(Server.call);
  });

  test("are called as the module's own", () => {
    const table = new ModuleTable();
    table.define("Static", Static);
    expect(resolveFunction(table, "Static", "run", 0)()).toBe("value");
  });
});

describe("resolveFunction()", () => {
  test("says whether the module or only the function is missing", () => {
    const table = new ModuleTable();
    table.define("Known", {});
    expect(() => resolveFunction(table, "Known", "f", 2)).toThrow(
      expect.objectContaining({ code: "undef", message: "Function Known.f/2 is undefined" }),
    );
    expect(() => resolveFunction(table, "Unknown", "f", 0)).toThrow(
      "Function Unknown.f/0 is undefined (module Unknown is not loaded)",
    );
  });
});

describe("nameOfModule()", () => {
  test("takes a module or its name, and nothing else", () => {
    const module = defineProgramModule("NamedTest", {});
    expect([nameOfModule(module), nameOfModule("Any")]).toEqual(["NamedTest", "Any"]);
    expect(() => nameOfModule({})).toThrow(expect.objectContaining({ code: "badarg" }));
  });
});
