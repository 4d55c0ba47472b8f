export * from './catalogue';
export * from './gates';
export * from './subscription';
export * from './usage';
