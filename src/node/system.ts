import { ArgumentError } from "../term/error.ts";

/** The program that a node runs in, as Elixir's `System`. `moebi stop NODE` calls it from a script. */
export const System = {
  /**
   * Stops the program in good order, with an exit status, 0 unless told: it gets SIGTERM, as from whoever supervises it,
   * upon which a node started by the command stops its applications and itself. A service that embeds a node does what
   * it does at SIGTERM. Gives `"ok"` before that. Throws `badarg` for what is no exit status.
   */
  stop(status = 0): "ok" {
    if (!Number.isInteger(status) || status < 0 || status > 255)
      throw new ArgumentError("An exit status is a number from 0 to 255");
    process.exitCode = status;
    // After the answer to whoever asked for it is on its way.
    setImmediate(() => process.kill(process.pid, "SIGTERM"));
    return "ok";
  },
};
