/** A session on a scope of its own, for tests of the shell's language without a node. */
import { createScope } from "../../src/code/environment.ts";
import { Session } from "../../src/shell/session.ts";

export function open(lookup: Record<string, unknown> = {}) {
  const modules = Object.assign(Object.create(null) as Record<string, unknown>, lookup);
  const scope = createScope({
    lookup: modules,
    defineModule(name, value) {
      modules[name] = value;
    },
    describeMissing: (name) => `module ${name} is not loaded on bar@localhost`,
  });
  const session = new Session({ scope });
  const run = async (source: string) => (await session.prepare(source)).run();
  const value = async (source: string) => (await run(source)).value;
  return { session, run, value, modules, scope };
}

export async function failure(promise: Promise<unknown>): Promise<Error> {
  return promise.then(
    () => {
      throw new Error("it succeeded");
    },
    (error: unknown) => error as Error,
  );
}
