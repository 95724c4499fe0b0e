import type { Device } from "../io/device.ts";
import type { Runtime } from "../process/runtime.ts";
import type { Facts } from "../shell/status.ts";
import type { NodeName } from "../term/pid.ts";

/** What is told below the prompt: of the node whose shell is shown. */
export class RowBelow {
  private readonly runtime: Runtime;
  private readonly device: Pick<Device, "accompany" | "accompanyBy">;
  private readonly ask: () => Promise<Facts | undefined>;
  /** Whose it is: `null` before anybody's. */
  private told: NodeName | undefined | null = null;
  private changes = 0;

  /** @param ask asks the node whose shell is shown, if that is another */
  constructor(
    runtime: Runtime,
    device: Pick<Device, "accompany" | "accompanyBy">,
    ask: () => Promise<Facts | undefined>,
  ) {
    this.runtime = runtime;
    this.device = device;
    this.ask = ask;
  }

  /** Tells of that node from here on; of this program's own if it is `undefined`. */
  tellOf(node: NodeName | undefined): void {
    if (node === this.told) return;
    this.told = node;
    this.changes++;
    if (node === undefined) this.device.accompany?.(this.runtime);
    else void this.tellOfOther(node);
  }

  private async tellOfOther(node: NodeName): Promise<void> {
    const { changes } = this;
    const { RemoteStatus } = await import("../shell/remote-status.ts");
    // Another shell may be shown by now.
    if (this.changes !== changes) return;
    const ask = async (): Promise<Facts | undefined> => {
      const facts = await this.ask();
      return facts?.node === node ? facts : undefined;
    };
    this.device.accompanyBy?.((onChange) => new RemoteStatus({ node, ask, clock: this.runtime.clock, onChange }));
  }
}
