"""Runs a function in a process that ends with it: what it does to the process stays there."""

import base64
import json
import os
import traceback
from collections.abc import Callable
from typing import Any

from coverage import Coverage, CoverageData


def in_child(work: Callable[[], Any]) -> Any:
    """Give what a function returns in a forked child, as JSON keeps it; what it raises fails.

    Which lines it ran comes back through the same pipe: a sealed child can write no file.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        # The descriptor is open, whatever has been sealed since.
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(json.dumps(_told(work)).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        said = pipe.read()
    status = os.waitpid(child, 0)[1]
    assert status == 0, f"the child ended with {status}"
    told = json.loads(said)
    ours = Coverage.current()
    if ours is not None and told["lines"]:
        lines = CoverageData(no_disk=True)
        lines.loads(base64.b64decode(told["lines"]))
        ours.get_data().update(lines)
    assert "error" not in told, told["error"]
    return told["value"]


def _told(work: Callable[[], Any]) -> dict[str, Any]:
    ours = Coverage.current()
    if ours is None:
        return {"lines": "", **_tried(work)}
    ours.stop()
    own = Coverage(data_file=None, branch=True, source=["verifier", "trustlists"])
    own.start()
    told = _tried(work)
    own.stop()
    return {"lines": base64.b64encode(own.get_data().dumps()).decode(), **told}


def _tried(work: Callable[[], Any]) -> dict[str, Any]:
    try:
        return {"value": work()}
    except BaseException:  # noqa: BLE001 - told to the parent
        return {"error": traceback.format_exc()}
