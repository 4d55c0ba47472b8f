export * from './endings';
export * from './chat-page';
