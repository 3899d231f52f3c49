"""Files in an S3-compatible store, with the manners that Siteward counts on. Imported only where a bucket is configured."""

from collections.abc import Iterator
from typing import Any

from botocore.config import Config
from botocore.exceptions import ClientError
from storages.backends.s3 import S3Storage


class ObjectStorage(S3Storage):  # type: ignore[misc]
    """A bucket that gives up after a while instead of holding a web process, and can name all that lies in it."""

    def __init__(self, **options: Any) -> None:
        # a store of one's own is addressed by path: its certificate knows no name for each bucket
        style = "path" if options.get("endpoint_url") else "auto"
        config = Config(
            signature_version="s3v4",
            s3={"addressing_style": style},
            connect_timeout=5,
            read_timeout=60,
            retries={"max_attempts": 4, "mode": "standard"},
        )
        super().__init__(**{"client_config": config, **options})

    def make_bucket(self) -> bool:
        """Make the bucket where it is not there yet: whether it was made. Raises botocore's ClientError when it may not be."""
        client = self.connection.meta.client
        try:
            client.head_bucket(Bucket=self.bucket_name)
        except ClientError as missing:
            if missing.response["ResponseMetadata"]["HTTPStatusCode"] != 404:  # another's, or ours and not to be looked at
                raise
        else:
            return False
        place = {"CreateBucketConfiguration": {"LocationConstraint": self.region_name}} if self.region_name else {}
        client.create_bucket(Bucket=self.bucket_name, **place)
        return True

    def names(self) -> Iterator[str]:
        """The name of everything in it, in order, as many requests as there are thousands."""
        start = f"{self.location}/" if self.location else ""
        pages = self.connection.meta.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket_name, Prefix=start)
        for page in pages:
            for each in page.get("Contents", ()):
                if not each["Key"].endswith("/"):
                    yield each["Key"][len(start) :]
