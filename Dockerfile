# Holds the static binary and nothing else. The release makes it from the musl wheels:
#   python3 packaging/from_wheels.py WHEELS OUT && docker build --build-context binaries=OUT/docker .
#   docker run --rm -v "$PWD:/stack" bucketbook lint
FROM scratch
ARG TARGETARCH
COPY --from=binaries ${TARGETARCH}/bucketbook /bucketbook
WORKDIR /stack
USER 65532:65532
ENTRYPOINT ["/bucketbook"]
