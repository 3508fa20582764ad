"""moto's server, with an S3 that keeps the rules of AWS's on checksums, conditions and multipart uploads, and an IAM
that takes sts:SetContext in a changed trust policy as it does in a new one.

moto stores what a request's checksum does not fit, says that every multipart upload began in 2010, lists parts without
their checksums, looks at no If-Match when an upload is completed, fails where an upload is gone, takes the checksum
over those of the parts for that of the whole, lets two conditional writes pass at once, and is slow to list.
Options are those of `python -m moto.server`.
Source: S3 User Guide, "Checking object integrity", "Conditional writes"; S3 API, UploadPart, ListParts.
"""

import base64
import re
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from threading import RLock
from typing import Any
from xml.sax.saxutils import escape

from moto.iam.policy_validation import IAMTrustPolicyDocumentValidator
from moto.s3.exceptions import MissingKey, NoSuchUpload, PreconditionFailed, S3ClientError
from moto.s3.models import FakeMultipart, MultipartDict
from moto.s3.responses import S3Response
from moto.s3.utils import compute_checksum
from moto.server import main

Method = Callable[..., Any]

# Those that the hash functions of Python have; moto answers CRC32 in place of the others where awscrt is absent.
_VERIFIED = ("SHA256", "SHA1", "CRC32")
_WRITES = RLock()


class _BadDigest(S3ClientError):
    code = "BadDigest"

    def __init__(self, algorithm: str) -> None:
        super().__init__("BadDigest", f"The {algorithm} you specified did not match the calculated checksum.")


def _sent_checksum(response: Any, algorithm: str) -> str | None:
    """The checksum in a header, or in the trailer of a body sent in chunks."""
    name = f"x-amz-checksum-{algorithm.lower()}"
    header = response.headers.get(name)
    if header or name not in str(response.headers.get("x-amz-trailer", "")).lower():
        return str(header) if header else None
    found = re.search(rb"(?i)" + name.encode() + rb":\s*([A-Za-z0-9+/=]+)\s*$", response.raw_body[-1024:])
    return found.group(1).decode() if found else None


def _verify(response: Any) -> None:
    for algorithm in _VERIFIED:
        sent = _sent_checksum(response, algorithm)
        if sent is not None and compute_checksum(response.body or b"", algorithm).decode() != sent:
            raise _BadDigest(algorithm)


def _checked(write: Method) -> Method:
    def call(self: Any, *args: Any, **kwargs: Any) -> Any:
        _verify(self)
        with _WRITES:
            return write(self, *args, **kwargs)

    return call


def _completed(post: Method) -> Method:
    def call(self: Any, request: Any, body: bytes, bucket_name: str, query: dict[str, Any], key_name: str) -> Any:
        with _WRITES:
            wanted = self.headers.get("If-Match")
            if wanted and query.get("uploadId"):
                existing = self.backend.get_object(bucket_name, key_name)
                if existing is None:
                    raise MissingKey
                if existing.etag.strip('"') != wanted.strip('"'):
                    raise PreconditionFailed("If-Match")
            return post(self, request, body, bucket_name, query, key_name)

    return call


def _headed(head: Method) -> Method:
    def call(self: Any, bucket_name: str, query: dict[str, Any], key_name: str, headers: Any) -> Any:
        status, answer, body = head(self, bucket_name, query, key_name, headers)
        if status != 200:
            return status, answer, body
        key = self.backend.head_object(bucket_name, key_name, query.get("versionId", [None])[0])
        if getattr(key, "checksum_type", None) == "COMPOSITE":
            name = f"x-amz-checksum-{key.checksum_algorithm.lower()}"
            if name in answer:
                answer[name] = f"{key.checksum_value}-{key.checksum_parts}"
        return status, answer, body

    return call


def _no_such_upload(self: Any, upload_id: str) -> Any:
    raise NoSuchUpload(upload_id)


def _begun(begin: Method) -> Method:
    def call(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        self.initiated = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")

    return call


def _serialized(serialize: Method) -> Method:
    def call(self: Any, answer: Any) -> Any:
        result = answer.result
        if isinstance(result, dict) and "UploadIdMarker" in result:
            begun = self.backend.list_multipart_uploads(self.bucket_name)
            for upload in result.get("Uploads") or result.get("Upload") or []:
                upload["Initiated"] = begun[upload["UploadId"]].initiated
        if isinstance(result, dict) and "Parts" in result and "UploadId" in result:
            _add_checksums(self.backend.get_bucket(self.bucket_name).multiparts[result["UploadId"]], result["Parts"])
        if isinstance(result, dict) and "KeyCount" in result:
            return _listed(self, serialize, answer)
        return serialize(self, answer)

    return call


def _listed(response: Any, serialize: Method, answer: Any) -> Any:
    """A page of ListObjectsV2. Its objects are written here: moto's way takes a fifth of a second for 1,000 of them."""
    objects = "".join(_object_text(each) for each in answer.result.pop("Contents"))
    status, headers, body = serialize(response, answer)
    at = body.index("<Name>")
    return status, headers, body[:at] + objects + body[at:]


def _object_text(listed: dict[str, Any]) -> str:
    text = "".join(
        f"<{name}>{escape(str(listed[name]), {chr(13): '&#13;'})}</{name}>"
        for name in ("Key", "LastModified", "ETag", "Size", "StorageClass")
    )
    algorithms = "".join(
        f"<ChecksumAlgorithm>{name}</ChecksumAlgorithm>" for name in listed.get("ChecksumAlgorithm", ())
    )
    owner = listed.get("Owner")
    owned = f"<Owner><DisplayName>{owner['DisplayName']}</DisplayName><ID>{owner['ID']}</ID></Owner>" if owner else ""
    return f"<Contents>{text}{algorithms}{owned}</Contents>"


def _add_checksums(upload: Any, parts: list[dict[str, Any]]) -> None:
    algorithm = upload.metadata.get("x-amz-checksum-algorithm")
    if algorithm not in _VERIFIED:
        return
    for part in parts:
        content = upload.parts[part["PartNumber"]].value
        part[f"Checksum{algorithm}"] = base64.b64encode(compute_checksum(content, algorithm, False)).decode()


def _with_context(check: Method) -> Method:
    """Source: "Actions, resources, and condition keys for AWS STS", service authorization reference."""

    def call(action: str) -> None:
        if action != "sts:SetContext":
            check(action)

    return call


def _patch(owner: Any, name: str, around: Callable[[Method], Method]) -> None:
    setattr(owner, name, around(getattr(owner, name)))


if __name__ == "__main__":
    _patch(S3Response, "put_object", _checked)
    _patch(S3Response, "upload_part", _checked)
    _patch(S3Response, "head_object", _headed)
    _patch(S3Response, "_key_response_post", _completed)
    _patch(S3Response, "serialized", _serialized)
    # What a dict answers for a key that is not there; moto's own answer is a web page.
    setattr(MultipartDict, "__missing__", _no_such_upload)  # noqa: B010
    _patch(FakeMultipart, "__init__", _begun)
    trust_check = IAMTrustPolicyDocumentValidator._validate_trust_policy_action
    setattr(IAMTrustPolicyDocumentValidator, "_validate_trust_policy_action", staticmethod(_with_context(trust_check)))  # noqa: B010
    main(sys.argv[1:])
