"""What holds for every test."""

from hypothesis import settings

# How long an input takes is judged in tests/hostile, where the machine's own pauses are allowed
# for; a property that waited for a busy processor has not failed.
settings.register_profile("pratique", deadline=None)
settings.load_profile("pratique")
