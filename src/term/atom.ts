import { inspect } from "node:util";

/**
 * A name as an Erlang node knows it, `:ok`. Between moebi nodes, and between processes of one, it turns into its text:
 * strings are what tags are made of here, and only a carrier to a real Erlang node tells the two apart.
 */
export class Atom {
  readonly text: string;

  /** Goes through {@link atom}, so that there is one of each. */
  constructor(text: string) {
    this.text = text;
    Object.freeze(this);
  }

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }

  [inspect.custom](): string {
    return this.text;
  }
}

const atoms = new Map<string, WeakRef<Atom>>();
const gone = new FinalizationRegistry<string>((text) => {
  // A new atom may stand there by now.
  if (atoms.get(text)?.deref() === undefined) atoms.delete(text);
});

/**
 * The atom with this text, always the same object.
 *
 * ```ts
 * atom("ok") === atom("ok"); // true
 * ```
 */
export function atom(text: string): Atom {
  const known = atoms.get(text)?.deref();
  if (known !== undefined) return known;
  const made = new Atom(text);
  atoms.set(text, new WeakRef(made));
  gone.register(made, text);
  return made;
}

export function isAtom(value: unknown): value is Atom {
  return value instanceof Atom;
}

/** The text of a tag, which is a string or, from an Erlang node, an atom; `undefined` for anything else. */
export function tagOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return isAtom(value) ? value.text : undefined;
}
