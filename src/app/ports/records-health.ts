/** How the records are, for health and metrics. */
export interface RecordsHealth {
  readonly store: 'up' | 'down';
  /** Changes that wait on disk for the store to come back. */
  readonly spooled: number;
  /** Changes that neither store nor disk took yet. */
  readonly buffered: number;
  /** Changes that were given up since the start: an alarm, whatever the figure. */
  readonly lost: number;
  /** Changes the store can never take; a person has to look at them. */
  readonly rejected: number;
}
