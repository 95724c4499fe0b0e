/**
 * What a hostile process may print to steer a terminal: sequences that move the cursor, erase, set titles, switch
 * modes, reprogram keys, write the clipboard, and above all those a terminal answers by typing at the prompt.
 */
export const ESCAPE_SEQUENCES: readonly string[] = [
  // Reports: the terminal would answer.
  "\x1b[c",
  "\x1b[0c",
  "\x1b[>c",
  "\x1b[>0q",
  "\x1b[=c",
  "\x1b[5n",
  "\x1b[6n",
  "\x1b[?6n",
  "\x1b[?15n",
  "\x1b[x",
  "\x1b[18t",
  "\x1b[14t",
  "\x1b[21t",
  "\x1b[?25$p",
  "\x1b[?u",
  "\x1bZ",
  "\x05",
  "\x1bP$qm\x1b\\",
  "\x1bP+q544e\x1b\\",
  "\x1b]10;?\x07",
  "\x1b]11;?\x1b\\",
  "\x1b]4;0;?\x07",
  "\x1b]52;c;?\x07",
  "\x1b_Gi=1,a=q;\x1b\\",
  "\x1b[?1$p",
  // Cursor, screen, modes.
  "\x1b[2J",
  "\x1b[H",
  "\x1b[1A",
  "\x1b[2K",
  "\x1b[1;1H",
  "\x1b[?1049h",
  "\x1b[?25l",
  "\x1b[?1000h",
  "\x1b[?2004l",
  "\x1b[4h",
  "\x1b[3g",
  "\x1b[r",
  "\x1b[s",
  "\x1b[!p",
  "\x1b[>4;1m",
  "\x1b[?4m",
  "\x1b7",
  "\x1b8",
  "\x1bc",
  "\x1bM",
  "\x1b=",
  "\x1b(0",
  "\x1b#8",
  // Strings: titles, clipboard, links, device control, privacy, application.
  "\x1b]0;title\x07",
  "\x1b]2;title\x1b\\",
  "\x1b]52;c;ZXZpbA==\x07",
  "\x1b]8;;http://x\x07y\x1b]8;;\x07",
  "\x1bPq#0\x1b\\",
  "\x1b^pm\x1b\\",
  "\x1bXsos\x1b\\",
  "\x1b_apc\x1b\\",
  "\x1b]never ended",
  "\x1b[31",
  "\x1b",
  // One byte each, eight-bit introducers, and what only reorders text.
  "\x07",
  "\x08\x08",
  "over\rwrite",
  "\x0b",
  "\x0e\x0f",
  "\x7f",
  "\x9b6n",
  "\x9d0;t\x9c",
  "\x90q\x9c",
  "\x85",
  "\u202eevil\u202c",
  "\u2066x\u2069",
  "\u2028",
  "\ufeff",
];

const SGR = new RegExp("\\u001b\\[[\\d;:]*m", "gu");
const STEERS = new RegExp(String.raw`[[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]--[\n\t]]`, "v");

/** Whether a terminal shows `text` as text in colours, and does nothing else on reading it. */
export function isHarmless(text: string): boolean {
  return !STEERS.test(text.replace(SGR, ""));
}
