/** A program that is the name service's part of a node: `node name-service-node.ts <name> <port of the list>`. Runs until it is killed. */
import { NameService } from "../../src/node/name-service/name-service.ts";

const [, , name = "", port = ""] = process.argv;
const service = new NameService({ port: Number(port) });
await service.register({ name, port: 4009 });
console.log("registered");
setInterval(() => undefined, 1 << 30);
