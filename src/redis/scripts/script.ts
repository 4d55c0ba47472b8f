/** A Lua script as ioredis takes it, and the name of the command it becomes. */
export interface Script {
  readonly name: string;
  readonly keys: number;
  readonly lua: string;
}
