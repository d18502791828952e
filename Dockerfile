# One image for every role; the command says which. Targets: runtime (default) and runtime-gpu.
FROM node:20-bookworm-slim AS tools
RUN apt-get update \
  && apt-get install -y --no-install-recommends python3 python3-pip make g++ \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app

FROM tools AS build
COPY . .
# The commit that models name as the code they were made by: --build-arg GIT_COMMIT=$(git rev-parse HEAD)
ARG GIT_COMMIT
RUN node setup/image.mjs && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf .perennial/tools/tensorflow/tensorflow/include

# TensorFlow with CUDA kernels, and the CUDA 12 libraries its wheel asks for.
FROM tools AS cuda
RUN pip3 download --quiet --no-deps --dest /wheels tensorflow==2.18.1 \
  && pip3 install --quiet --break-system-packages --target /cuda "tensorflow[and-cuda]==2.18.1" \
  && find /cuda -mindepth 1 -maxdepth 1 ! -name nvidia -exec rm -rf {} +

FROM tools AS build-gpu
COPY --from=cuda /wheels /wheels
COPY . .
ARG GIT_COMMIT
RUN TENSORFLOW_WHEEL="$(ls /wheels/*.whl)" node setup/image.mjs && npm prune --omit=dev --ignore-scripts --no-audit --no-fund \
  && rm -rf .perennial/tools/tensorflow/tensorflow/include

FROM node:20-bookworm-slim AS base
ENV NODE_ENV=production TF_CPP_MIN_LOG_LEVEL=2 PERENNIAL_HOME=/var/lib/perennial
WORKDIR /app
RUN mkdir -p /var/lib/perennial && chown node:node /var/lib/perennial
VOLUME /var/lib/perennial
EXPOSE 8080
CMD ["node", "dist/api/server.js"]

FROM base AS runtime-gpu
COPY --from=cuda /cuda/nvidia /opt/nvidia
COPY --from=build-gpu /app /app
RUN for lib in /opt/nvidia/*/lib; do echo "$lib"; done > /etc/ld.so.conf.d/nvidia.conf && ldconfig
USER node

FROM base AS runtime
COPY --from=build /app /app
USER node
