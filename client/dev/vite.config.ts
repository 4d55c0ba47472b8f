import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Builds the rehearsal page apart from the product, so that nothing of it can end up in there. */
export default defineConfig({
  root: import.meta.dirname,
  publicDir: '../public',
  plugins: [react()],
  build: { outDir: '../../build/client-dev', emptyOutDir: true, assetsInlineLimit: 0 },
});
