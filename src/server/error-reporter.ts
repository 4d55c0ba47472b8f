/** Told of an error of ours that was caught, and of what it was about. */
export type ErrorReporter = (error: unknown, message: string) => void;
