/**
 * A tuple as an Erlang node knows it, `{ok, X}`. It is an array, and between moebi nodes and processes of one node it
 * turns into a plain one; only a carrier to a real Erlang node tells the two apart.
 */
export class Tuple<T = unknown> extends Array<T> {
  // What is cut out of or mapped from a tuple is a list.
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/**
 * A tuple of these elements.
 *
 * ```ts
 * send(self(), tuple(atom("ping"), 1)); // Between moebi nodes, and here, as the array ["ping", 1]
 * await receive(); // ["ping", 1]
 * ```
 */
export function tuple<const T extends readonly unknown[]>(...elements: T): Tuple<T[number]> & T {
  const made = new Tuple<unknown>();
  for (const element of elements) made.push(element);
  return made as unknown as Tuple<T[number]> & T;
}

export function isTuple(value: unknown): value is Tuple {
  return value instanceof Tuple;
}
