export * from './autonomous-client';
export type * from './client-hooks';
export type * from './client-media';
export * from './errors';
export * from './protocol-client';
export * from './scripted-client';
export * from './signalled-line';
