import { current } from "../process/context.ts";
import { terminate } from "../process/terminate.ts";
import { startGroup } from "./group.ts";
import { StringDevice } from "./string-device.ts";

/**
 * Runs `body` with a group leader that collects what the caller and the processes it starts print, and gives the text.
 * Reads are served from `input`, then the end of input. The former leader is put back whatever happens; what `body`
 * throws is thrown.
 */
export async function captureIO(body: () => unknown, input = ""): Promise<string> {
  const process = current();
  const device = new StringDevice(input);
  const leader = startGroup(process.runtime, device);
  const former = process.leader;
  process.leader = leader.pid;
  try {
    await body();
    return device.output;
  } finally {
    process.leader = former;
    terminate(leader, "normal");
  }
}
