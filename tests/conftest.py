"""What holds for all tests: how hypothesis searches, and that the words are English."""

import os

from hypothesis import settings

# On a developer's machine each run looks elsewhere; in CI every run looks at the same places, so
# that a change is judged and not the luck of the day. Times are no subject of these tests.
settings.register_profile("developer", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "developer")

# Whatever language the machine speaks; the processes that tests start inherit this.
for name in ("LC_ALL", "LC_MESSAGES"):
    os.environ.pop(name, None)
os.environ["LANG"] = "C.UTF-8"
