import path from 'node:path';
import express, { Router } from 'express';

const YEAR_SECONDS = 365 * 24 * 3600;

/** The built client. Files with a hash in their name are kept for ever, the page itself is always asked for. */
export function clientRoutes(folder: string): Router {
  const router = Router();
  router.use(
    express.static(folder, {
      index: 'index.html',
      redirect: false,
      setHeaders: (response, file) => {
        const hashed = path.relative(folder, file).startsWith(`assets${path.sep}`);
        response.setHeader(
          'Cache-Control',
          hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache',
        );
      },
    }),
  );
  return router;
}
