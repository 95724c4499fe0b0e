import { inspect as inspectByNode, types } from "node:util";
import { placeOf } from "../../code/registry.ts";
import { connectionsOf } from "../../node/node-module.ts";
import { isNodeName } from "../../node/node-name.ts";
import { cleanStack } from "../../process/format-exit.ts";
import { processInfo } from "../../process/process-info.ts";
import type { Runtime } from "../../process/runtime.ts";
import { isAtom } from "../../term/atom.ts";
import { errorMessage, isErrorValue } from "../../term/inspect-error.ts";
import { constructorOf, dataOf, getterOf, nameOfFunction, prototypesOf } from "../../term/inspect-reflect.ts";
import { inspect } from "../../term/inspect.ts";
import { moduleNameOf } from "../../term/module-name.ts";
import { isPid, type NodeName, type Pid } from "../../term/pid.ts";
import { isRef } from "../../term/ref.ts";
import { isTuple } from "../../term/tuple.ts";
import { currentFunction, memoryText } from "../awaits-text.ts";
import { documentation } from "../docs.ts";
import { nameOf, signatureOf } from "./documentation.ts";
import { namesWithArity } from "./exports.ts";
import { filesOf } from "./loaded-from.ts";

/** One thing that is said of a value. */
export type Detail = readonly [title: string, text: string];

const mapSize = getterOf<number>(Map.prototype, "size");
const setSize = getterOf<number>(Set.prototype, "size");

/** What a value is: the term, its type, then what there is to say of such a value. Runs no code of the value's. */
export function describe(runtime: Runtime, value: unknown): Detail[] {
  const [type, ...details] = isObject(value) ? describeObject(runtime, value) : describePrimitive(runtime, value);
  return [["Term", termOf(runtime, value)], ["Data type", type], ...details];
}

/** What a bundler made of the name of one of the library's functions is nobody's concern. */
function termOf(runtime: Runtime, value: unknown): string {
  return (typeof value === "function" ? documentedName(runtime, value) : undefined) ?? inspect(value);
}

function documentedName(runtime: Runtime, value: object): string | undefined {
  const name = nameOf(runtime, value);
  return name !== undefined && documentation().has(name) ? name : undefined;
}

type Description = readonly [type: string, ...details: Detail[]];

function isObject(value: unknown): value is object {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function describePrimitive(runtime: Runtime, value: unknown): Description {
  switch (typeof value) {
    case "string":
      return isNodeName(value) ? describeNode(runtime, value) : describeString(runtime, value);
    case "number":
      return [
        "number",
        [
          "Description",
          Number.isInteger(value) ? "An integer" : Number.isFinite(value) ? "Not an integer" : "Not finite",
        ],
      ];
    case "bigint":
      return ["bigint"];
    case "object":
      return ["null"];
    default:
      return [typeof value];
  }
}

function describeString(runtime: Runtime, text: string): Description {
  const holder = runtime.names.get(text);
  const details: Detail[] = [
    ["Length", `${String(text.length)} UTF-16 units, ${String(Buffer.byteLength(text))} bytes in UTF-8`],
  ];
  if (holder !== undefined) details.push(["Registered name of", inspect(holder.pid)]);
  if (runtime.modules.get(text) !== undefined) details.push(["Name of", "a module of this node"]);
  return ["string", ...details];
}

function describeNode(runtime: Runtime, node: NodeName): Description {
  return ["string, the name of a node", ["Connected", connectionTo(runtime, node)]];
}

function connectionTo(runtime: Runtime, node: NodeName): string {
  if (node === runtime.name) return "this node";
  const connections = connectionsOf(runtime);
  if (connections === undefined) return "no: this node has no name";
  if (connections.list("visible").includes(node)) return "yes";
  return connections.list("hidden").includes(node) ? "yes, hidden" : "no";
}

/** What asks the node of a process for all it knows. */
export function askFor(pid: Pid): string {
  return `rpc.call(${inspect(pid.node)}, Process, "info", [pid])`;
}

function describePid(runtime: Runtime, pid: Pid): Description {
  if (pid.node !== runtime.name) {
    const connected = connectionTo(runtime, pid.node);
    return [
      "Pid",
      ["Node", pid.node],
      ["Connected", connected],
      // One that is connected is asked.
      ...(connected.startsWith("no") ? [["Description", `Its node knows more: ${askFor(pid)}`] as const] : []),
    ];
  }
  const process = runtime.find(pid);
  if (process === undefined) return ["Pid", ["Alive", "false"]];
  const info = processInfo(process);
  const list = (items: readonly unknown[]): string =>
    items.length === 0 ? "none" : items.map((item) => inspect(item)).join(", ");
  return [
    "Pid",
    ["Alive", "true"],
    ["Name", info.registeredName ?? "not registered"],
    ["Links", list(info.links)],
    ["Monitors", list(info.monitors)],
    ["Message queue length", String(info.messageQueueLen)],
    ["Current status", info.status],
    ["Current function", currentFunction({ awaits: info.awaits, server: process.server !== undefined })],
    ["Memory", memoryText(info.memory)],
    ["Initial call", info.initialCall],
    ["Group leader", inspect(info.groupLeader)],
    ["Description", "Process.info(pid) tells more about this process"],
  ];
}

function describeObject(runtime: Runtime, value: object): Description {
  const module = moduleNameOf(value);
  if (module !== undefined) return describeModule(value, module);
  if (types.isProxy(value)) return ["Proxy"];
  if (isPid(value)) return describePid(runtime, value);
  if (isRef(value)) return ["Ref", ["Node", value.node]];
  if (isAtom(value)) return ["Atom", ["Description", "A name as an Erlang node knows it"]];
  if (isErrorValue(value)) {
    const details: Detail[] = [["Message", errorMessage(value) ?? "none"]];
    const code = dataOf(value, "code");
    if (code !== undefined) details.push(["Code", inspect(code)]);
    const cause = dataOf(value, "cause");
    if (cause !== undefined) details.push(["Cause", inspect(cause)]);
    const errors = dataOf(value, "errors");
    if (Array.isArray(errors)) details.push(["Errors", String(errors.length)]);
    const [frame] = cleanStack(value);
    if (frame?.file !== undefined) details.push(["Raised", `${frame.file}:${String(frame.line)}`]);
    else if (frame?.node !== undefined) details.push(["Raised", frame.text]);
    return [classOf(value), ...details];
  }
  if (typeof value === "function") return describeFunction(runtime, value as (...args: never[]) => unknown);
  if (Array.isArray(value)) return [isTuple(value) ? "Tuple" : "Array", ["Length", String(value.length)]];
  if (types.isMap(value)) return ["Map", ["Size", String(mapSize(value))]];
  if (types.isSet(value)) return ["Set", ["Size", String(setSize(value))]];
  if (types.isTypedArray(value))
    return [classOf(value), ["Length", String((value as Uint8Array).length)], ["Bytes", String(value.byteLength)]];
  if (types.isPromise(value))
    return [
      "Promise",
      ["State", stateOf(value)],
      ["Description", "await gives its value, or throws why there is none"],
    ];
  const type = classOf(value);
  const methods = methodsOf(value);
  const keys = Object.keys(value);
  return [
    type,
    ...(keys.length > 0 || type === "Object" ? [["Properties", some(keys.map((key) => inspect(key)))] as const] : []),
    ...(methods.length > 0 ? [["Methods", some(methods)] as const] : []),
  ];
}

/** Only Node can tell, in words: no code of the promise's or of its value's is run. */
function stateOf(promise: Promise<unknown>): string {
  const text = inspectByNode(promise, { depth: -1, customInspect: false, showProxy: false });
  const shown = text.startsWith("Promise {") ? text : inspectByNode(promise, { depth: 0, customInspect: false });
  return shown.includes("<pending>") ? "pending" : shown.includes("<rejected>") ? "rejected" : "fulfilled";
}

/** More names than this say no more. */
const MOST_NAMES = 30;

function some(names: readonly string[]): string {
  if (names.length === 0) return "none";
  const more = names.length - MOST_NAMES;
  return names.slice(0, MOST_NAMES).join(", ") + (more > 0 ? `, ... ${String(more)} more` : "");
}

/** What can be called on an instance, of its class and those above it but for Object. */
function methodsOf(value: object): string[] {
  const found = new Set<string>();
  for (const prototype of prototypesOf(value)) {
    if (prototype === Object.prototype || types.isProxy(prototype)) break;
    for (const key of Object.getOwnPropertyNames(prototype)) {
      const method = dataOf(prototype, key);
      if (key !== "constructor" && !key.startsWith("_") && typeof method === "function")
        found.add(`${key}/${String(method.length)}`);
    }
  }
  return [...found];
}

function describeModule(module: object, name: string): Description {
  const exported = namesWithArity(module);
  return [
    typeof module === "function" ? "class, a module" : "module",
    ["Exports", exported.length === 0 ? "none" : exported.join(", ")],
    ...instanceMethods(module),
    ...sourceOf(module),
    ["Description", `h(${name}) shows its documentation`],
  ];
}

function instanceMethods(value: object): Detail[] {
  const prototype = typeof value === "function" ? dataOf(value, "prototype") : undefined;
  const methods = isObject(prototype) && !types.isProxy(prototype) ? methodsOf(Object.create(prototype) as object) : [];
  return methods.length === 0 ? [] : [["Methods", some(methods)]];
}

/** The file or the statement that something is from; nothing of what the library or the language brings. */
function sourceOf(value: object): Detail[] {
  const [file] = filesOf(value);
  if (file !== undefined) return [["Source", file]];
  const prototype = typeof value === "function" ? dataOf(value, "prototype") : undefined;
  const holders = isObject(prototype) && !types.isProxy(prototype) ? [value, prototype] : [value];
  const own = [value, ...holders.flatMap((one) => Object.getOwnPropertyNames(one).map((key) => dataOf(one, key)))];
  const place = own
    .map((one) => (isObject(one) && one !== Object.prototype ? placeOf(one) : undefined))
    .find((one) => one !== undefined);
  return place === undefined ? [] : [["Source", place]];
}

function describeFunction(runtime: Runtime, value: (...args: never[]) => unknown): Description {
  const documented = documentedName(runtime, value);
  if (documented !== undefined) {
    const { signature = "" } = documentation().get(documented) ?? {};
    return ["function", ["Signature", signature], ["Description", `h(${documented}) shows its documentation`]];
  }
  const prototype = Object.getOwnPropertyDescriptor(value, "prototype");
  if (prototype?.writable === false)
    return ["class", ["Exports", some(namesWithArity(value))], ...instanceMethods(value), ...sourceOf(value)];
  return ["function", ["Signature", signatureOf(value, nameOfFunction(value))], ...sourceOf(value)];
}

/** The name of the class a value was made by, `Object` for what was made by none. */
function classOf(value: object): string {
  const constructor = constructorOf(prototypesOf(value));
  return (constructor && nameOfFunction(constructor)) || "Object";
}
