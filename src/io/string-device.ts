import { MoebiError } from "../term/error.ts";
import type { Device } from "./device.ts";

/**
 * A device made of text: reads come from a fixed input, output is collected. What a group leader stands on where
 * there is no terminal: tests, captured output.
 *
 * A statement is a line: whoever needs more gives a device of their own.
 */
export class StringDevice implements Device {
  readonly kind = "plain";
  readonly columns = undefined;
  readonly rows = undefined;
  onInterrupt: (() => void) | undefined = undefined;
  /** Everything printed so far. */
  output = "";
  private input: string;
  private closed = false;

  constructor(input = "") {
    this.input = input;
  }

  write(text: string): void | Promise<void> {
    this.output += text;
  }

  clear(): void {
    // Nothing is shown, so nothing is to be erased.
  }

  readLine(): Promise<string | null> {
    if (this.closed) return Promise.reject(new MoebiError("terminated", "The device is closed"));
    if (this.input === "") return Promise.resolve(null);
    const end = this.input.indexOf("\n") + 1 || this.input.length;
    const line = this.input.slice(0, end);
    this.input = this.input.slice(end);
    return Promise.resolve(line);
  }

  async readStatement(): Promise<string | null> {
    const line = await this.readLine();
    return line?.replace(/\n$/, "") ?? null;
  }

  signals(): void {
    // There is no keyboard.
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }
}
