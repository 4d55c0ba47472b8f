export * from './account';
export type { BodyFormat, Endpoint, EndpointOptions, EndpointTable, Method } from './endpoint';
export * from './endpoints';
export * from './plans';
export * from './privacy';
export * from './roles';
