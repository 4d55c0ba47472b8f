export * from './autonomous-client';
export * from './client-hooks';
export * from './client-media';
export * from './errors';
export * from './protocol-client';
export * from './scripted-client';
export * from './signalled-line';
