# The server's bundle, the client's and the media worker, made by the same set-up as `npm start`.
FROM node:24-bookworm AS build
WORKDIR /app
COPY . .
RUN node scripts/setup.mjs --worker-to /app/bin/mediasoup-worker \
  && npm prune --omit=dev --ignore-scripts

FROM node:24-bookworm-slim
# The libraries of a worker that was built from source; a ready-made one brings its own.
RUN apt-get update \
  && apt-get install -y --no-install-recommends libuv1 libssl3 libsrtp2-1 libabsl20220623 libstdc++6 \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/bin ./bin
COPY --from=build /app/build ./build
# `npm run records` and the other commands for operators, which find nothing to set up here; sample settings and plans.
COPY --from=build /app/scripts ./scripts
COPY --from=build /app/config ./config
RUN install -d -o node -g node data
ENV NODE_ENV=production HOST=0.0.0.0 MEDIASOUP_WORKER_BIN=/app/bin/mediasoup-worker
USER node
VOLUME /app/data
# Pages, then media: each worker takes the next port. RTC_ANNOUNCED_ADDRESS names the host's address to browsers.
EXPOSE 3000 40000-40063/udp 40000-40063/tcp
CMD ["node", "--enable-source-maps", "build/server/main.js"]
