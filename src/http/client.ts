import path from 'node:path';
import express, { Router, type Response } from 'express';

/**
 * The addresses of pages, by the file that each is answered with; the page itself knows which screen to show. A path
 * may have parameters, as in `/sessions/:id`. A test compares the chat app's addresses with its route table.
 */
export const PAGES = {
  'index.html': [
    '/account',
    '/account/confirm',
    '/account/reset',
    '/profile',
    '/blocks',
    '/plans',
    '/privacy',
  ],
  'console.html': ['/console'],
} as const;

/** Addresses that no page has. */
const FOR_PROGRAMS = /^\/(api|videochat|metrics|assets)\//;

const YEAR_SECONDS = 365 * 24 * 3600;

/** The built client. Files with a hash in their name are kept for ever, the page itself is always asked for. */
export function clientRoutes(folder: string): Router {
  const router = Router();
  // The page has one address. At the file's own name it would find no route.
  router.get('/index.html', (_request, response) => response.redirect(301, '/'));
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
  for (const [file, addresses] of Object.entries(PAGES)) {
    router.get([...addresses], (_request, response) => {
      response.setHeader('Cache-Control', 'no-cache');
      response.sendFile(file, { root: folder }, (error: unknown) => {
        if (error !== undefined && error !== null && !response.headersSent) sayNotBuilt(response);
      });
    });
  }
  // A file of a version that is gone, or that is not here yet. Nobody may keep the answer: the file may come back.
  router.use('/assets', (_request, response, next) => {
    response.setHeader('Cache-Control', 'no-store');
    next();
  });
  // A browser with a mistyped or old address gets the page; programs get an error with a code.
  router.use((request, response, next) => {
    const isPage = ['GET', 'HEAD'].includes(request.method) && !FOR_PROGRAMS.test(request.path);
    if (!isPage || request.accepts(['json', 'html']) !== 'html') return next();
    response.status(404).setHeader('Cache-Control', 'no-cache');
    response.sendFile('index.html', { root: folder }, (error: unknown) => {
      if (error !== undefined && error !== null && !response.headersSent) sayNotBuilt(response);
    });
  });
  return router;
}

/** A server that runs without a built client serves sockets and the API alone, as under `npm run dev`. */
function sayNotBuilt(response: Response): void {
  response
    .status(404)
    .setHeader('Cache-Control', 'no-store')
    .type('text/plain')
    .send(
      'This server has no built page. `npm start` builds it and serves it here. ' +
        '`npm run dev` serves it at the address that the terminal names after “client”.\n',
    );
}
