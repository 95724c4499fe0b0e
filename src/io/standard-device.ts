import { StringDevice } from "./string-device.ts";

/** Prints on standard output and reads nothing: the `user` device of a program that has no shell of its own. */
export class StandardDevice extends StringDevice {
  override write(text: string): void | Promise<void> {
    if (process.stdout.write(text)) return;
    return new Promise((resolve) => process.stdout.once("drain", resolve));
  }

  writeError(text: string): void {
    process.stderr.write(text);
  }
}
