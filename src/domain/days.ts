/** A day as people write it, `YYYY-MM-DD`, in UTC. */
export const dayOf = (at: number): string => new Date(at).toISOString().slice(0, 10);
