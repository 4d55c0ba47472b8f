import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** While developing, the page comes from here and everything else from the server beside it. */
const SERVER = 'http://localhost:3000';

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: '../build/client',
    emptyOutDir: true,
    // Nothing is inlined, so that the content security policy needs no exceptions.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: {
      '/ws': { target: SERVER, ws: true },
      '/videochat': { target: SERVER },
      '/api': { target: SERVER },
    },
  },
});
