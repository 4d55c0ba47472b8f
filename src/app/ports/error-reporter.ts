/** Is told of an error of ours that was caught, and what failed. It logs and counts; it never throws. */
export type ErrorReporter = (error: unknown, message: string) => void;
