export * from './api';
export * from './client-events';
export * from './codes';
export * from './envelope';
export * from './limits';
export * from './media';
export * from './server-events';
export * from './wishes';
