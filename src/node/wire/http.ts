import type http from "node:http";
import { createRequire } from "node:module";

export type { IncomingMessage, Server } from "node:http";

/**
 * Node's own HTTP, loaded by `require`: an import evaluates everything that the module exports, its WebSocket with the
 * whole of fetch behind it included, which nobody here needs and every start would pay for.
 */
export const { createServer, STATUS_CODES } = createRequire(import.meta.url)("node:http") as typeof http;
