import { expect, test } from "vitest";
import { roomBeside } from "../../src/node/room-beside.ts";

test.each([
  [0, 64, "the limit", 64],
  [32, 64, "the limit beside half of it", 64],
  [60, 64, "half the limit beside more", 92],
  [128, 64, "half the limit beside what is larger than it", 160],
])("roomBeside(%d, %d) is %s", (largest, limit, _, room) => {
  expect(roomBeside(largest, limit)).toBe(room);
});
