import type { Collection, Identified, Model } from '../../../src/records/store/record-store';

/** The collections of the store under test. */
export type Collections = <R extends Identified>(model: Model<R>) => Collection<R>;

export const ids = (records: readonly Identified[]): string[] => records.map(({ _id }) => _id);
export const range = (count: number): number[] => Array.from({ length: count }, (_, index) => index);
