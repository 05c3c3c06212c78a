"""A store that speaks S3's protocol, on this machine's own address."""

from __future__ import annotations

import logging
import os
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch
from urllib.request import Request, urlopen

import boto3
import s3fs
from moto.server import ThreadedMotoServer

SECRET = "not-to-be-told"
"""The password of the store, which no message and no result may hold."""
BUCKET = "letters"


class ObjectStore:
    """A running store with one bucket."""

    def __init__(self, address: str) -> None:
        self._client = boto3.client("s3", endpoint_url=address)
        self._client.create_bucket(Bucket=BUCKET)

    def put(self, key: str, data: bytes) -> str:
        """Returns the address of the new object."""
        self._client.put_object(Bucket=BUCKET, Key=key, Body=data)
        return f"s3://{BUCKET}/{key}"

    def delete(self, key: str) -> None:
        self._client.delete_object(Bucket=BUCKET, Key=key)

    def objects(self, folder: str) -> dict[str, bytes]:
        """Returns the bytes of all objects below a folder, by the rest of their names."""
        pages = self._client.get_paginator("list_objects_v2").paginate(
            Bucket=BUCKET, Prefix=f"{folder}/"
        )
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", ())]
        return {
            key.removeprefix(f"{folder}/"): self._client.get_object(Bucket=BUCKET, Key=key)[
                "Body"
            ].read()
            for key in keys
        }


@contextmanager
def object_store() -> Iterator[ObjectStore]:
    """Starts a store, to which the environment leads this process and those that it starts."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    address = f"http://{host}:{port}"
    try:
        # The objects are the process's, not the server's: another store may have left some.
        urlopen(Request(f"{address}/moto-api/reset", method="POST")).close()
        with store_at(address):
            yield ObjectStore(address)
    finally:
        server.stop()


@contextmanager
def store_at(address: str) -> Iterator[None]:
    """Leads this process and those that it starts to a store."""
    settings = {
        "AWS_ACCESS_KEY_ID": "reader",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ENDPOINT_URL": address,
        "AWS_CONFIG_FILE": os.devnull,
        "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    with patch.dict(os.environ, settings):
        s3fs.S3FileSystem.clear_instance_cache()  # of another store
        try:
            yield
        finally:
            s3fs.S3FileSystem.clear_instance_cache()


@contextmanager
def counted_requests() -> Iterator[Counter[str]]:
    """Counts what a store in this process is asked, by the method."""
    found: Counter[str] = Counter()

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            method = re.search(r"(GET|HEAD|PUT|POST|DELETE) /", record.getMessage())
            found[method[1] if method else ""] += 1

    log, handler = logging.getLogger("werkzeug"), Handler()
    log.addHandler(handler)
    try:
        yield found
    finally:
        log.removeHandler(handler)
