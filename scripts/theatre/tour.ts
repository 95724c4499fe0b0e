/** The tour through Chat: who types what, and what is to be seen then. */

export interface Step {
  /** Said below the panes meanwhile. */
  readonly caption: string;
  readonly who: string;
  readonly type: string;
  /** What shows that it is done, on whose screen. */
  readonly then: readonly (readonly [who: string, shows: RegExp])[];
}

export const NODES: readonly string[] = ["alex", "kate", "moebi"];

/** A prompt that waits, with nothing typed. */
const prompt = (who: string, counter: number): RegExp =>
  new RegExp(`^moebi\\(${who}@localhost\\)${String(counter)}> ?$`, "m");

/** What each node shows before the tour begins. */
export const READY: readonly (readonly [who: string, shows: RegExp])[] = NODES.map((who) => [who, prompt(who, 1)]);

export const TOUR: readonly Step[] = [
  {
    caption: "Three nodes, three terminals. Kate defines a module: it belongs to her node.",
    who: "kate",
    type: 'const Kate = { sayName() { return IO.puts("Hi, my name is Kate") } }',
    then: [["kate", prompt("kate", 2)]],
  },
  {
    caption: "Alex sends kate a message. It appears above her prompt.",
    who: "alex",
    type: 'Chat.sendMessage("kate@localhost", "hi")',
    then: [
      ["kate", /^hi$/m],
      ["alex", prompt("alex", 2)],
    ],
  },
  {
    caption: "Kate answers.",
    who: "kate",
    type: 'Chat.sendMessage("alex@localhost", "how are you?")',
    then: [
      ["alex", /^how are you\?$/m],
      ["kate", prompt("kate", 3)],
    ],
  },
  {
    caption: "Moebi is a dog. Its answer comes back before the call returns.",
    who: "alex",
    type: 'Chat.sendMessage("moebi@localhost", "hi")',
    then: [
      ["moebi", /^hi$/m],
      ["alex", /^chicken\?$/m],
      ["alex", prompt("alex", 3)],
    ],
  },
  {
    caption:
      "A function typed at alex's prompt runs on kate's node, with her module. What it prints comes back to alex.",
    who: "alex",
    type: 'Node.spawnLink("kate@localhost", () => Kate.sayName())',
    then: [
      ["alex", /^Hi, my name is Kate$/m],
      ["alex", prompt("alex", 4)],
    ],
  },
  {
    caption: "Nobody has this name: the call fails, the session goes on.",
    who: "alex",
    type: 'Chat.sendMessage("nobody@localhost", "hi")',
    then: [
      ["alex", /no connection to nobody@localhost/],
      ["alex", prompt("alex", 4)],
    ],
  },
  {
    caption: "All nodes know each other.",
    who: "moebi",
    type: "Node.list()",
    then: [["moebi", prompt("moebi", 2)]],
  },
];
