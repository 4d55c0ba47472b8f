/** A Lua script as ioredis takes it, and the name of the command it becomes. */
export interface Script {
  readonly name: string;
  /** How many keys; `counted`: it differs from call to call, and stands before the keys. */
  readonly keys: number | 'counted';
  readonly lua: string;
}
