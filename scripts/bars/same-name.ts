/** F7, B13: a second node of a name, while the first is gone, silent or alive. */
import { randomBytes } from "node:crypto";
import type { Socket } from "node:net";
import { ask } from "../../src/node/name-service/client.ts";
import { freePort } from "../free-port.ts";
import { type Bar, sleep, timed } from "./bar.ts";
import { startSubject, type Subject } from "./run-subject.ts";

/** A list of names of its own, as another host has, that leads to the subject. */
async function elsewhere(
  subject: Subject,
  by: Subject,
): Promise<{ env: { MOEBI_EPMD_PORT: string }; lead(): Promise<Socket> }> {
  const [, port] = await by.ask("lookup", subject.name);
  const epmd = await freePort();
  return {
    env: { MOEBI_EPMD_PORT: String(epmd) },
    lead: async () => {
      const [name = ""] = subject.name.split("@");
      const request = { op: "register", name, port, pid: process.pid, token: randomBytes(16).toString("hex") } as const;
      const { socket, failure } = await ask({ host: "127.0.0.1", port: epmd, request });
      if (socket === undefined) throw new Error(`The other list of names does not take "${name}": ${String(failure)}`);
      return socket;
    },
  };
}

export const restarted: Bar = {
  id: "F7",
  async run(tell) {
    await using subject = await startSubject("f7");
    await using first = await startSubject("f7_far");
    await subject.ask("watchFar", { node: first.name, monitors: 1 });
    // It closes nothing and answers nothing: as if its host had gone, with all that it would have said.
    first.child.kill("SIGSTOP");
    const other = await elsewhere(subject, subject);
    await using second = await startSubject("f7_far", { env: other.env });
    const lead = await other.lead();
    const connected = await second.ask("connect", subject.name);
    tell({
      what: "a peer restarted under its name, its end unheard: connected after",
      measured: connected / 1_000,
      unit: "s",
      most: 2,
      least: 0,
    });
    const { order, reason, downs } = await subject.ask("lost");
    tell({
      what: "DOWN of the old one, with noconnection",
      measured: reason === "noconnection" ? downs : 0,
      unit: "",
      exactly: 1,
    });
    const [before, after] = [order.indexOf("DOWN"), order.lastIndexOf("nodeup")];
    tell({
      what: `it came before nodeup (${order.join(", ")})`,
      measured: Number(before >= 0 && before < after),
      unit: "",
      exactly: 1,
    });
    tell({
      what: "a monitor of the old pid ends with noproc",
      measured: Number((await subject.ask("reasonNow")) === "noproc"),
      unit: "",
      exactly: 1,
    });
    lead.destroy();
  },
};

export const nameTwice: Bar = {
  id: "B13",
  async run(tell) {
    await using subject = await startSubject("b13");
    await using first = await startSubject("b13_far");
    await subject.ask("watchFar", { node: first.name, monitors: 1 });
    let told = "";
    const ms = await timed(async () => {
      await startSubject("b13_far").catch((error: unknown) => (told = String(error)));
    });
    tell({ what: "the same name twice on a host: the second ends after", measured: ms / 1_000, unit: "s", most: 1 });
    const [, port] = await subject.ask("lookup", first.name);
    const names = told.includes(`port ${String(port)}`) && told.includes(`process ${String(first.child.pid)}`);
    tell({ what: "it names the port and the process of the first", measured: Number(names), unit: "", exactly: 1 });

    const other = await elsewhere(subject, subject);
    await using second = await startSubject("b13_far", { env: other.env });
    const lead = await other.lead();
    tell({
      what: "the same name from elsewhere connects",
      measured: Number((await second.ask("connect", subject.name)) >= 0),
      unit: "",
      exactly: 0,
    });
    await sleep(500);
    const lost = await Promise.race([subject.ask("lost").then(() => 1), sleep(100).then(() => 0)]);
    tell({ what: "the first lost its connection by that", measured: lost, unit: "", exactly: 0 });
    tell({ what: "the first answers", measured: await subject.ask("reach", [first.name]), unit: "", exactly: 1 });
    lead.destroy();
  },
};
