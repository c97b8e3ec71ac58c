"""Reads one serialised message, as hex on stdin, with rclpy and prints it as JSON; for agentMessages.test.ts. argv[1]:
its type.
"""

import importlib
import json
import sys

from rclpy.serialization import deserialize_message


def plain(x):
    if hasattr(x, "get_fields_and_field_types"):
        return {name: plain(getattr(x, name)) for name in x.get_fields_and_field_types()}
    if isinstance(x, bytes):
        return int.from_bytes(x, "little")
    if isinstance(x, (bool, int, float, str)):
        return x
    return [plain(item) for item in x]


package, kind, name = sys.argv[1].split("/")
message = deserialize_message(
    bytes.fromhex(sys.stdin.read()), getattr(importlib.import_module(f"{package}.{kind}"), name)
)
json.dump(plain(message), sys.stdout)
