export * from './age';
export * from './device';
export * from './email';
export * from './profile';
export * from './windows';
export * from './log-ins';
export * from './erased-id';
