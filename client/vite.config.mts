import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** During development, pages come from Vite and everything else from the server, which `npm run dev` starts too. */
const SERVER = process.env.DEV_SERVER_URL ?? 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  cacheDir: resolve(import.meta.dirname, '../node_modules/.vite/client'),
  plugins: [react()],
  build: {
    outDir: '../build/client',
    emptyOutDir: true,
    // Nothing is inlined, so that the content security policy needs no exceptions.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Two apps: whoever chats loads nothing of the moderators' console. What both import, ui/look among it, becomes a
    // chunk of its own, whose styles come before those of the screens that override them.
    rolldownOptions: {
      input: {
        chat: resolve(import.meta.dirname, 'index.html'),
        console: resolve(import.meta.dirname, 'console.html'),
      },
    },
  },
  server: {
    // The page needs the protocol, the libraries and nothing else from outside of this folder.
    fs: { allow: ['.', '../src/protocol', '../node_modules'] },
    proxy: {
      '/ws': { target: SERVER, ws: true },
      '/videochat': { target: SERVER },
      '/api': { target: SERVER },
    },
  },
});
