import type { Question } from "./model.ts";

export interface AskerOptions {
  /** What is to be asked as things are now. */
  questions(): readonly Question[];
  /** Asks one. Settles when it was answered, or will not be; never rejects. */
  ask(question: Question): Promise<void>;
}

/**
 * Asks a node questions, of each function one at a time: a slow node is not given more to do. What was to be asked meanwhile
 * is asked once more then, that function alone, so that questions never set each other going.
 */
export class Asker {
  private readonly options: AskerOptions;
  /** Functions that were asked and have not answered, and whether to ask once more then. */
  private readonly asked = new Map<Question[0], boolean>();

  constructor(options: AskerOptions) {
    this.options = options;
  }

  /** Asks all that is to be asked. */
  all(): void {
    for (const question of this.options.questions()) {
      if (this.asked.has(question[0])) this.asked.set(question[0], true);
      else void this.one(question);
    }
  }

  private async one(question: Question): Promise<void> {
    const [fun] = question;
    this.asked.set(fun, false);
    await this.options.ask(question);
    const again = this.asked.get(fun) === true;
    this.asked.delete(fun);
    if (!again) return;
    const next = this.options.questions().find(([name]) => name === fun);
    if (next !== undefined) void this.one(next);
  }
}
