export * from './endings';
