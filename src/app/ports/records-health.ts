/** A change that is not kept after this long (ms) is late: an alarm, since a process that dies takes it along. */
export const RECORDS_LATE_MS = 5_000;

/** The state of the records, for health and metrics. */
export interface RecordsHealth {
  readonly store: 'up' | 'down';
  /** `down`: the disk with the data folder takes no writes, or hangs. */
  readonly disk: 'up' | 'down';
  /** Changes that wait on disk for the store to come back. */
  readonly spooled: number;
  /** Changes that neither the store nor the disk has taken yet. */
  readonly buffered: number;
  /** Changes that were given up since the start: an alarm, whatever the figure. */
  readonly lost: number;
  /** Changes that the store can never take. An operator has to look at them. */
  readonly rejected: number;
  /** How long the oldest change has waited that neither the store nor the disk has taken yet (ms). */
  readonly oldestMs: number;
}
