import { fork, type ChildProcess } from 'node:child_process';

/** A part of a bench in a process of its own, so that its CPU and memory are told apart. */
export class Child {
  private constructor(private readonly child: ChildProcess) {}

  /** Runs `file` again, which finds `part` as its first argument. */
  static start(file: string, part: string, options: { execPath?: string; execArgv?: string[] } = {}): Child {
    return new Child(fork(file, [part], { execArgv: [], ...options }));
  }

  get pid(): number {
    return this.child.pid ?? NaN;
  }

  /** The next thing it says. Rejects when it ends instead. */
  said<T>(): Promise<T> {
    return new Promise((resolve, reject) => {
      const ended = (code: number | null): void =>
        reject(new Error(`a part of the bench ended with ${code}`));
      this.child.once('exit', ended);
      this.child.once('message', (message) => {
        this.child.off('exit', ended);
        resolve(message as T);
      });
    });
  }

  /** Says something and waits for what it says next. */
  ask<T>(question: object): Promise<T> {
    const answer = this.said<T>();
    this.child.send(question);
    return answer;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGKILL');
    await ended;
  }
}

/** In such a process: nobody is left to tell anything when the bench itself has ended. */
export function endWithBench(): void {
  process.once('disconnect', () => process.exit(1));
}
