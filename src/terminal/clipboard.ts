/** How a text gets into the clipboard of the terminal (OSC 52), and what may stand in the way: no terminal says whether it did. */

/** What a base64 text of 100,000 characters holds: more than that, xterm and many others drop. */
const MOST_BYTES = 74_994;
/** GNU screen hands on what is wrapped for the terminal around it, if a piece is no longer than this. */
const SCREEN_PIECE = 240;

type Environment = Readonly<Record<string, string | undefined>>;

/** The bytes that ask the terminal to take a text. */
export function clipboardSequence(text: string, { TMUX, STY }: Environment): string {
  const sequence = `\u001b]52;c;${Buffer.from(text).toString("base64")}\u0007`;
  if (STY === undefined || TMUX !== undefined) return sequence;
  const pieces = sequence.match(new RegExp(`[^]{1,${String(SCREEN_PIECE)}}`, "gu")) ?? [];
  return pieces.map((piece) => `\u001bP${piece}\u001b\\`).join("");
}

/** What whoever copies should know, `undefined` if nothing is in the way that can be seen from here. */
export function clipboardNote(text: string, { TMUX }: Environment): string | undefined {
  const notes: string[] = [];
  if (Buffer.byteLength(text) > MOST_BYTES) notes.push("many terminals take no more than 75 kB");
  if (TMUX !== undefined) notes.push("tmux passes it on after tmux set -s set-clipboard on");
  return notes.length === 0 ? undefined : notes.join("; ");
}

/** Asks the terminal behind a stream to take a text. Gives what whoever copies should know. */
export function copyTo(terminal: { write(text: string): unknown }, text: string): string | undefined {
  terminal.write(clipboardSequence(text, process.env));
  return clipboardNote(text, process.env);
}
