# One image, four uses: `recouvra migrate | api | worker | mailbox`. State is in PostgreSQL and Temporal, none in the image.
FROM python:3.11-slim-bookworm AS packages
RUN pip install --no-cache-dir uv
COPY requirements.lock .
RUN uv venv /packages && uv pip install --python /packages/bin/python --no-cache --require-hashes -r requirements.lock

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /recouvra recouvra \
 && install -d -o recouvra /mailbox /var/lib/recouvra
COPY --from=packages /packages /packages
WORKDIR /recouvra
COPY . .
RUN printf '#!/bin/sh\nexec /packages/bin/python /recouvra/cli.py "$@"\n' > /usr/local/bin/recouvra \
 && chmod +x /usr/local/bin/recouvra \
 && /packages/bin/python -m compileall -q /recouvra
ENV PATH=/packages/bin:$PATH PYTHONUNBUFFERED=1 RECOUVRA_VAR=/var/lib/recouvra
USER recouvra
ENTRYPOINT ["recouvra"]
CMD ["--help"]
