export * from './account';
export * from './plans';
export * from './privacy';
export * from './routes';
