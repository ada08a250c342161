# syntax=docker/dockerfile:1
# Pin by digest where you build for production: docker buildx imagetools inspect node:24-bookworm-slim prints it, then write
# FROM node:24-bookworm-slim@sha256:…, and let Renovate or Dependabot move tag and digest together.

FROM node:24-bookworm-slim AS build
WORKDIR /app
# .npmrc switches install scripts off: nothing in the tree needs one
COPY package.json package-lock.json .npmrc ./
RUN npm ci
COPY tsconfig.json tsconfig.build.json ./
COPY src src
RUN npm run build

# node-sql-parser brings a build for each of its dialects; src/sql/mysql-parse.ts imports two. Maps and types do not run.
FROM node:24-bookworm-slim AS modules
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --omit=dev \
  && cd node_modules/node-sql-parser \
  && find . -mindepth 1 -maxdepth 1 ! -name package.json ! -name LICENSE ! -name build -exec rm -r {} + \
  && find build -type f ! -name mysql.js ! -name mariadb.js -delete \
  && cd .. \
  && find . -type f \( -name '*.map' -o -name '*.d.ts' -o -name '*.d.mts' -o -name '*.d.cts' -o -name '*.md' \) -delete

# No shell, no package manager, nothing to write to: fits readOnlyRootFilesystem and the restricted Pod standard.
FROM gcr.io/distroless/nodejs24-debian12:nonroot
LABEL org.opencontainers.image.title="migration-gate" \
  org.opencontainers.image.licenses="Apache-2.0" \
  org.opencontainers.image.description="Refuses destructive database migrations in Flux and CloudNativePG clusters unless approved and backed up"
ENV NODE_ENV=production
WORKDIR /app
COPY package.json LICENSE ./
COPY --from=modules /app/node_modules node_modules
COPY --from=build /app/dist dist
COPY policies/develop.yaml policies/staging.yaml policies/production.yaml policies/
USER 65532:65532
EXPOSE 8443 9090
# the absolute path, because distroless keeps node out of PATH
ENTRYPOINT ["/nodejs/bin/node", "/app/dist/cli.js"]
CMD ["--help"]
