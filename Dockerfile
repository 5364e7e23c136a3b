# The command matcher on Debian 12, from its package. Build it with scripts/docker-build.
FROM debian:12 AS build
COPY . /source
WORKDIR /source
RUN apt-get update && scripts/setup && scripts/build release programs \
    && cpack --config build/release/CPackConfig.cmake -B build/release/packages

FROM debian:12-slim
COPY --from=build /source/build/release/packages/matcher_*.deb /tmp/
RUN apt-get update \
    && apt-get install -y --no-install-recommends /tmp/matcher_*.deb curl ca-certificates \
    && rm -rf /tmp/matcher_*.deb /var/lib/apt/lists/*
WORKDIR /data
# Results stay in the mounted folder, not in the container.
ENTRYPOINT ["matcher", "--workdir", "/data/matcher-work"]
CMD ["--help"]
