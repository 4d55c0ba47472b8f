export * from './circles';
export * from './hard-rules';
export * from './recent';
export * from './score';
export * from './shard';
export * from './steps';
export * from './suits';
export * from './ticket';
