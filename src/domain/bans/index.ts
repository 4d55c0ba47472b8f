export * from './ban';
export * from './hold';
