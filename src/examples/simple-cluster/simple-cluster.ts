import { Application } from "../../otp/application.ts";
import type { Topologies } from "../../node/discovery.ts";
import { defmodule } from "../../process/kernel.ts";

const EXAMPLE: Topologies = {
  example: { strategy: "epmd", config: { hosts: ["n1@127.0.0.1", "n2@127.0.0.1"] } },
};

/** A cluster that forms itself. */
export const SimpleCluster = defmodule("SimpleCluster", {
  /** How its nodes are found: the setting `topologies`, else a list of two. */
  topologies: () => Application.getEnv("simple-cluster", "topologies", EXAMPLE) as Topologies,
});
