"""The ways of publishing rules that are known here, each in a file of its own."""

from trustlists.rules.forms import austria, cms, files, gateway, germany
from trustlists.rules.records import Form

# In the order in which they are tried: plain JSON is what nothing else claims.
FORMS: tuple[Form, ...] = (gateway.FORM, germany.FORM, austria.FORM, cms.FORM, files.FORM)


def named(name: str) -> Form | None:
    """Find the form of this name, None when there is none."""
    return next((form for form in FORMS if form.name == name), None)


def recognised(head: bytes) -> Form | None:
    """Find the form of a file by its first bytes, None when it is of no form."""
    return next((form for form in FORMS if form.recognise(head)), None)


def is_companion(data: bytes) -> bool:
    """Tell whether a file only belongs to another one: it is a signature."""
    return any(form.companion(data) for form in FORMS)
