export * from './catalogue';
export * from './gates';
export * from './prices';
export * from './provider-state';
export * from './subscription';
export * from './usage';
