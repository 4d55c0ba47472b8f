/** Reports the first error of a trouble. Those that follow, until it is over, say the same four times a second. */
export class TroubleOnce {
  private isTold = false;

  constructor(private readonly report: (error: Error) => void) {}

  met(error: Error): void {
    if (this.isTold) return;
    this.isTold = true;
    this.report(error);
  }

  over(): void {
    this.isTold = false;
  }
}
