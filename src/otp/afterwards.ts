/**
 * Goes on with what a function gave: at once, unless it is a promise. Then it is `await` without the turn of the
 * microtask queue, and the promise, that most handlers do not need.
 */
export function afterwards<T>(result: unknown, then: (result: unknown) => T): T | Promise<T> {
  return isPromiseLike(result) ? settled(result, then) : then(result);
}

async function settled<T>(result: PromiseLike<unknown>, then: (result: unknown) => T): Promise<T> {
  return then(await result);
}

function isPromiseLike(value: unknown): value is PromiseLike<unknown> {
  return (
    ((typeof value === "object" && value !== null) || typeof value === "function") &&
    typeof (value as { then?: unknown }).then === "function"
  );
}
