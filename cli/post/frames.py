"""The pictures of a camera, by OpenCV, which knows the cameras of each system. Extra ``camera``."""

from cli.post.camera import Camera, Frames
from cli.post.sources import SourceLost
from cli.problem import Problem, setup_problem, shown

try:
    import cv2
    from PIL import Image
except ImportError:
    what = "A camera cannot be watched: the part of this program that does is not installed."
    raise setup_problem(what, "Install it: pip install 'pratique[camera]'") from None


class CameraFrames:
    """An open camera."""

    __slots__ = ("_capture",)

    def __init__(self, name: str) -> None:
        """Open a camera by its number or device. Raises ``SourceLost`` when it is not there."""
        cv2.setNumThreads(1)  # threads keep what they saw on their stacks
        self._capture = cv2.VideoCapture(int(name) if name.isdigit() else name)
        if not self._capture.isOpened():
            raise SourceLost

    def next(self) -> Image.Image | None:
        """Give the next frame in grey."""
        there, frame = self._capture.read()
        if not there:
            return None
        return Image.fromarray(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY))

    def close(self) -> None:
        """Let the camera go."""
        self._capture.release()


def camera_named(name: str) -> Camera:
    """Give what opens a camera. Raises ``Problem`` for a name that is none."""
    if not (name.isdigit() or name.startswith("/dev/")):
        what = f"{shown(name)} is no camera."
        raise Problem(what, "Name one such as /dev/video0, or give its number.")

    def open_camera() -> Frames:
        return CameraFrames(name)

    return open_camera
