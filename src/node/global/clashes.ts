import type { NodeName, Pid } from "../../term/pid.ts";
import type { Process } from "../../process/process.ts";
import { ask } from "./lock.ts";
import type { Clash, NameTable } from "./name-table.ts";
import type { Registrar } from "./registrar.ts";
import { type ResolveRule, settle } from "./resolve.ts";

export interface ClashesOptions {
  /** The rule that a name of a process of this node was given with. */
  readonly ruleOf: (name: unknown, pid: Pid) => ResolveRule | undefined;
  /** Called after some have been resolved. */
  readonly resolved: () => void;
}

/**
 * Resolves names that two processes hold, where two parts of a cluster have met: on the later of their two nodes, while
 * nobody else changes names.
 */
export class Clashes {
  private readonly table: NameTable;
  private readonly registrar: Registrar;
  private readonly here: NodeName;
  private readonly options: ClashesOptions;
  private resolving = false;

  constructor(table: NameTable, registrar: Registrar, here: NodeName, options: ClashesOptions) {
    this.table = table;
    this.registrar = registrar;
    this.here = here;
    this.options = options;
  }

  /** There may be some. */
  reveal(): void {
    if (this.resolving || this.mine().length === 0) return;
    this.resolving = true;
    void this.registrar.change(this.here, (process) => this.resolveAll(process));
  }

  private mine(): Clash[] {
    return this.table
      .clashes(this.here)
      .map((clash) => ({ ...clash, others: clash.others.filter(({ node }) => node < this.here) }))
      .filter(({ others }) => others.length > 0);
  }

  private async resolveAll(process: Process): Promise<void> {
    for (const { name, own, others } of this.mine()) await this.resolve(process, name, own, others[0] as Pid);
    this.resolving = false;
    this.reveal();
    this.options.resolved();
  }

  private async resolve(process: Process, name: unknown, own: Pid, other: Pid): Promise<void> {
    const rule = this.options.ruleOf(name, own);
    // Somebody may have ended while we waited for the lock.
    if (rule === undefined || !this.table.holds(name, own) || !this.table.holds(name, other)) return;
    const winner = await settle(process, rule, name, other, own);
    for (const loser of [own, other]) {
      if (loser !== winner) await ask(process, loser.node, ["remove", name, loser]);
    }
  }
}
