import type { Clock } from './clock';

export interface Patience<T> {
  readonly clock: Clock;
  readonly ms: number;
  /** What is answered when it takes longer. */
  readonly otherwise: T;
  /** Takes the error of a task that failed later than that. */
  readonly failedLater: (error: unknown) => void;
}

/** The outcome of a task, or `otherwise` when it takes longer. The task goes on then. */
export function notLongerThan<T>(
  task: Promise<T>,
  { clock, ms, otherwise, failedLater }: Patience<T>,
): Promise<T> {
  let isLate = false;
  const late = new Promise<T>((resolve) => {
    const stop = clock.after(ms, () => {
      isLate = true;
      resolve(otherwise);
    });
    task
      .catch((error: unknown) => {
        if (isLate) failedLater(error);
      })
      .finally(stop);
  });
  return Promise.race([task, late]);
}
