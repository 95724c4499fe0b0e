/**
 * The bars that need real nodes, in processes of their own, and time: floods, full tables, kills. Each prints what was
 * measured beside what is asked for; the command fails if one is missed. Machines are noisy: where others work too, only
 * a figure that passes says something.
 *
 *     npm run bars                        all of them
 *     npm run bars -- B2 L1               only these
 *     npm run bars -- L4 minutes=60       nodes killed for an hour, instead of a minute
 *     npm run bars -- F16 lines=100000    instead of a million
 *     npm run bars -- B4 proofs=10000     wrong proofs for three minutes, instead of half a one
 *
 * Linux only: memory and file descriptors are read from /proc.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Bar, lineOf, passes, type Row } from "./bars/bar.ts";
import { descriptors } from "./bars/descriptors.ts";
import { endlessNames } from "./bars/endless-names.ts";
import { fuzzedValues } from "./bars/fuzzed-values.ts";
import { kills } from "./bars/kills.ts";
import { largeFrames } from "./bars/large-frames.ts";
import { largeMessage } from "./bars/large-message.ts";
import { mutatedFrames } from "./bars/mutated-frames.ts";
import { killed, monitors } from "./bars/lost-links.ts";
import { nameHolder } from "./bars/name-holder.ts";
import { nameService } from "./bars/name-service.ts";
import { numberedMessages } from "./bars/numbered-messages.ts";
import { provenPeers } from "./bars/proven-peers.ts";
import { remoteLines } from "./bars/remote-lines.ts";
import { startSubject } from "./bars/run-subject.ts";
import { nameTwice, restarted } from "./bars/same-name.ts";
import { silentConnections } from "./bars/silent-connections.ts";
import { stoppedPeer } from "./bars/stopped-peer.ts";
import { simulation } from "./bars/simulation.ts";
import { badInputs, largeHeaders, wrongProofs } from "./bars/strangers.ts";
import { bundle } from "./bundle.ts";
import { freePort } from "./free-port.ts";

const BARS: readonly Bar[] = [
  provenPeers,
  monitors,
  simulation,
  kills,
  killed,
  restarted,
  nameHolder,
  descriptors,
  remoteLines,
  badInputs,
  silentConnections,
  largeFrames,
  wrongProofs,
  largeHeaders,
  nameTwice,
  nameService,
  numberedMessages,
  largeMessage,
  stoppedPeer,
  mutatedFrames,
  fuzzedValues,
  endlessNames,
];

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const settings = { minutes: 1, lines: 1_000_000, proofs: 1_500 };
const ids: string[] = [];
for (const argument of process.argv.slice(2)) {
  const [key, value] = argument.split("=");
  if (value === undefined && BARS.some(({ id }) => id === argument)) ids.push(argument);
  else if ((key === "minutes" || key === "lines" || key === "proofs") && Number(value) > 0)
    settings[key] = Number(value);
  else {
    process.stderr.write(
      `There is no "${argument}": give ${BARS.map(({ id }) => id).join(", ")}, minutes=, lines=, proofs=\n`,
    );
    process.exit(2);
  }
}

await bundle(["scripts/bars/subject.ts"], "node_modules/.cache/bars");
const home = mkdtempSync(join(tmpdir(), "moebi-bars-"));
process.env["HOME"] = home;
process.env["MOEBI_EPMD_PORT"] = String(await freePort());
// The first, so it has the list of names: the nodes measured do not also serve it.
const names = await startSubject("names");

const missed: Row[] = [];
for (const bar of BARS) {
  if (ids.length > 0 && !ids.includes(bar.id)) continue;
  const tell = (figures: Omit<Row, "id">): void => {
    const row = { id: bar.id, ...figures };
    process.stdout.write(`${lineOf(row)}\n`);
    if (!passes(row)) missed.push(row);
  };
  try {
    await bar.run(tell, settings);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
    tell({ what: "ran to its end", measured: 0, unit: "", exactly: 1 });
  }
}
await names[Symbol.asyncDispose]();
rmSync(home, { recursive: true, force: true });
process.stdout.write(missed.length === 0 ? "\nAll passed\n" : `\n${String(missed.length)} missed\n`);
process.exit(missed.length === 0 ? 0 : 1);
