import { resolve } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the gallery of screens apart from the product, so that nothing of it can end up there. */
export default defineConfig({
  root: import.meta.dirname,
  cacheDir: resolve(import.meta.dirname, '../../node_modules/.vite/gallery'),
  publicDir: '../public',
  plugins: [react()],
  server: { fs: { allow: ['..', '../../src/protocol', '../../node_modules'] } },
  build: {
    outDir: '../../build/gallery',
    emptyOutDir: true,
    assetsInlineLimit: 0,
  },
});
