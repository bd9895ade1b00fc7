"""A watched camera: frames in memory, the codes in them, and nothing else. The extra ``camera``.

The camera is opened by the worker of one traveller and closed before the verdict is shown, so that
no frame outlives its traveller in this program. What the driver and the camera keep is theirs.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, Protocol

from cli.post.sources import SourceLost

if TYPE_CHECKING:
    from PIL import Image

_DARK_FRAMES: Final = 60  # that do not come, a few seconds, before a camera counts as unplugged


class Frames(Protocol):
    """The pictures of a camera, one after another."""

    def next(self) -> "Image.Image | None":
        """Give the next one in eight bits of grey, None for one that did not come."""
        ...

    def close(self) -> None:
        """Let the camera go."""
        ...


# Opens a camera; raises ``SourceLost`` when it is not there.
Camera = Callable[[], Frames]


class Watch:
    """Looks for the code of a document in what a camera shows."""

    __slots__ = ("_frames", "_missed")

    def __init__(self, frames: Frames) -> None:
        """Take an open camera."""
        self._frames = frames
        self._missed = 0

    def look(self) -> str | bytes | None:
        """Give the document in the next frame, if one is in it. Raises ``SourceLost``."""
        from cli.pictures import codes_in, is_document  # noqa: PLC0415 - an optional, slow package

        frame = self._frames.next()
        if frame is None:
            self._missed += 1
            if self._missed >= _DARK_FRAMES:
                raise SourceLost
            return None
        self._missed = 0
        return next(filter(is_document, codes_in(frame, patient=False)), None)

    def close(self) -> None:
        """Let the camera go."""
        self._frames.close()
