/** What the template imports, as it imports it: by the package's name, though here nothing is built that it could be. */
declare module "moebi" {
  export const Application: typeof import("../index.ts").Application;
  export const defineApplication: typeof import("../index.ts").defineApplication;
  export const defmodule: typeof import("../index.ts").defmodule;
  export const GenServer: typeof import("../index.ts").GenServer;
  export const Supervisor: typeof import("../index.ts").Supervisor;
}

declare module "moebi/testing" {
  export const startCluster: (
    names: readonly string[],
  ) => Promise<AsyncDisposable & { run<T>(name: string, body: () => T | Promise<T>): Promise<T> }>;
}
