/** Takes an error of the server itself that was caught, and a message that says what failed. It logs and counts it. */
export type ErrorReporter = (error: unknown, message: string) => void;
