export * from './asks';
export * from './shapes';
export * from './tells';
