import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { programFile, startProgram } from "../../../src/node/peer/peer-program.ts";

test("programFile() is the program of peers, of the kind that runs here", () => {
  expect(programFile()).toMatch(/src[\\/]cli[\\/]peer\.ts$/);
  expect(existsSync(programFile())).toBe(true);
});

test("startProgram() tells of the end once, after all that was printed", async () => {
  const heard: unknown[] = [];
  const gone = Promise.withResolvers<unknown>();
  startProgram(
    process.execPath,
    ["--nonsense"],
    {},
    {
      output: (text, errors) => heard.push(errors, text),
      notice: (notice) => heard.push(notice),
      gone: gone.resolve,
    },
  ).send({ boot: { cookie: undefined, owner: "a@h", creation: 1 } });
  await gone.promise;
  expect(heard).toEqual([{ failed: expect.stringContaining("nonsense") as string }]);
});
