/** Told of an error of ours that was caught, and of what it was about. */
export type Fault = (error: unknown, words: string) => void;
