import { expect, test, vi } from "vitest";
import { importFrom, libraryUrl } from "../../src/code/import.ts";

vi.mock("node:module", async (original) => ({ ...(await original<object>()), registerHooks: undefined }));

test("importFrom() gives the library that runs, on a Node without hooks too", async () => {
  expect(await importFrom("moebi")).toBe(await import(/* @vite-ignore */ libraryUrl("moebi") ?? ""));
});
