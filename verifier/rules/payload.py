"""A certificate of any family in the one shape that rules see: that of the EU's certificates.

Source: code crosswalk, sections 1, 4 and 5. What a certificate does not say is ``UNKNOWN`` there,
and nothing is filled in from a habit. Where several things may be so (a code that two vaccines
share, a month without its day) there is one payload for each, a *world*: a rule is decided only
where it comes out the same in all of them.

EU certificates are seen as they were signed (``dcc_form``): EU rules are written for that very
form, in which a member that is missing is null.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from verifier.claims import Claims, Holder, Kind, PartialDate, Test, Vaccination
from verifier.privacy import private
from verifier.reasons import Reason
from verifier.rules import dcc_form, sampling
from verifier.rules.diseases import COVID_19, disease_of, target_of
from verifier.rules.doses import Dose, Series, read_dose, series_of
from verifier.rules.product import Product
from verifier.rules.products import Found
from verifier.rules.unknown import UNKNOWN

# The schema of the EU's certificates whose shape is written here.
_SCHEMA: Final = "1.3.3"

_TYPES: Final = {
    Kind.VACCINATION: "Vaccination",
    Kind.TEST: "Test",
    Kind.RECOVERY: "Recovery",
}

_EU: Final = "eu-dcc"
_STATUS_ONLY: Final = "nz-covid-pass"
# Families that list doses without numbering them, or not from the first.
_COUNTED: Final = frozenset(("smart-health-card", "vds-nc"))
# In this one the disease was found by the very codes that are looked up here, and more coarsely.
_DISEASE_DERIVED: Final = "smart-health-card"
# In this one nothing but the key says in which country the vaccination was.
_COUNTRY_BY_KEY: Final = "divoc"

_NOTHING: Final = Reason.NOTHING_FOR_RULES
_CONTRADICTIONS: Final = frozenset((Reason.PRODUCTS_CONTRADICT, Reason.DISEASES_DIFFER))

_NOBODY: Final = Holder("", "", "", "", PartialDate(""))

_MOST_CANDIDATES: Final = 6
_MOST_WORLDS: Final = 12

World = dict[str, object]


@private
class Presented:
    """A certificate as rules see it.

    ``certificate_type`` is ``Vaccination``, ``Test`` or ``Recovery``, empty for what is none.
    ``diseases`` are the ids of all diseases that the certificate is about, ``disease`` is the one
    that the worlds are about (empty: not known). ``products`` are the ids of the vaccines that the
    last dose can have been. ``worlds`` are the payloads, at most twelve; **without any there is
    nothing to evaluate, and no rule is decided**. ``reasons`` say what could not be brought over.
    """

    __slots__ = ("certificate_type", "disease", "diseases", "products", "reasons", "worlds")

    def __init__(  # noqa: PLR0913 - one argument a fact, all but one by keyword
        self,
        certificate_type: str,
        *,
        disease: str = "",
        diseases: Sequence[str] = (),
        products: Sequence[str] = (),
        worlds: Sequence[World] = (),
        reasons: Iterable[Reason] = (),
    ) -> None:
        """Take the facts; each reason is told once."""
        self.certificate_type = certificate_type
        self.disease = disease
        self.diseases = tuple(diseases)
        self.products = tuple(products)
        self.worlds = tuple(worlds)
        self.reasons = tuple(dict.fromkeys(reasons))


def contexts_of(claims: Claims, *, disease: str = "", key_country: str = "") -> Presented:
    """Bring what a certificate says into the shape that rules see.

    ``disease`` is the one that the rules are about, for documents that list vaccinations against
    several; without it that is COVID-19 where the document speaks of it, else that of the last
    vaccination. ``key_country`` is the country (alpha-2) of the key that signed, which in one
    family is all that says where the vaccination was. Raises nothing.
    """
    kind = claims.kind
    if kind is None or kind is Kind.EXEMPTION:
        return Presented("", reasons=[Reason.EXEMPTION_BY_PAPER if kind else _NOTHING])
    if claims.format == _STATUS_ONLY:
        only = [Reason.STATUS_ONLY]
        return Presented(_TYPES[kind], disease=COVID_19, diseases=(COVID_19,), reasons=only)
    if claims.format == _EU:
        return _eu_certificate(claims, kind)
    if kind is Kind.VACCINATION:
        derived = claims.format == _DISEASE_DERIVED
        doses = [
            read_dose(each, derived=derived)
            for each in claims.events
            if isinstance(each, Vaccination)
        ]
        return _vaccinations(claims, doses, disease, key_country)
    # An infection that another family tells of is none: nobody gave it a term (``r``).
    tests = [each for each in claims.events if isinstance(each, Test) and kind is Kind.TEST]
    return _tests(claims, _TYPES[kind], tests, disease)


def _eu_certificate(claims: Claims, kind: Kind) -> Presented:
    event = next(iter(claims.events), None)
    if claims.certificate is None or event is None:
        return Presented(_TYPES[kind], reasons=[_NOTHING])
    about = disease_of(event.disease)
    found = read_dose(event).found if isinstance(event, Vaccination) else Found()
    # Of the product only what contradicts is told: rules see its codes as they are.
    told = [found.reason] if found.reason in _CONTRADICTIONS else []
    return Presented(
        _TYPES[kind],
        disease=about,
        diseases=(about,) if about else (),
        products=sorted(found.ids),
        worlds=[dcc_form.normalised(claims.certificate)],
        reasons=told,
    )


def _vaccinations(
    claims: Claims, stated: Sequence[Dose], disease: str, key_country: str
) -> Presented:
    doses = [dose for dose in stated if dose.found.given]
    reasons = [Reason.NO_VACCINE_GIVEN] if len(doses) < len(stated) else []
    diseases = tuple(dict.fromkeys(each for dose in doses for each in dose.diseases))
    in_order = sorted(doses, key=lambda dose: dose.first)
    about = disease or _chosen(diseases, [dose.diseases for dose in in_order])
    those = [dose for dose in doses if about in dose.diseases] if about else doses
    # What they are against is not known, so that they may be against this disease or another.
    others = [dose for dose in doses if about and not dose.diseases]
    if not those and not others:
        reasons = reasons or [_NOTHING]
        return Presented("Vaccination", disease=about, diseases=diseases, reasons=reasons)
    if others or not about:
        reasons.append(Reason.DISEASE_UNKNOWN)
    counted = claims.format in _COUNTED
    possible = [series_of(each, counted=counted) for each in (those, [*those, *others]) if each]
    if not others:
        possible = possible[:1]
    country = key_country if claims.format == _COUNTRY_BY_KEY else ""
    target = about if those else ""
    worlds = [
        _around(claims, "v", {**entry, **_common(claims, target, country)})
        for entry in _bounded(possible)
    ]
    for series in possible:
        reasons += _why_open(series)
    products = {product.id for series in possible for product in series.last.found.products}
    return Presented(
        "Vaccination",
        disease=about,
        diseases=diseases,
        products=sorted(products),
        worlds=worlds,
        reasons=reasons,
    )


def _chosen(diseases: Sequence[str], in_order: Sequence[Sequence[str]]) -> str:
    """Choose the disease that the rules are about: COVID-19 if it is there, else the last."""
    if COVID_19 in diseases:
        return COVID_19
    return next((each[0] for each in reversed(in_order) if each), "")


def _why_open(series: Series) -> Iterator[Reason]:
    """Say what of a vaccination is not known."""
    last = series.last
    if last.found.reason is not None:
        yield last.found.reason
    if last.first != last.last:
        yield Reason.EVENT_DATE_IN_PART
    yield from series.reasons
    if series.number is None or series.total is None:
        yield Reason.DOSES_NOT_COUNTED


def _bounded(possible: Sequence[Series]) -> list[World]:
    """Write the entries of all that is possible; where they are too many, of no product."""
    entries = [entry for series in possible for entry in _entries(series, series.last.found)]
    if len(entries) > _MOST_WORLDS:
        entries = [entry for series in possible for entry in _entries(series, Found())]
    return entries


def _entries(series: Series, found: Found) -> Iterator[World]:
    """Write the members that the doses decide, for each product and each end of the date."""
    last = series.last
    several = 0 < len(found.products) <= _MOST_CANDIDATES
    days = dict.fromkeys((last.first or UNKNOWN, last.last or UNKNOWN))
    for product in found.products if several else (None,):
        for day in days:
            yield {
                **_vaccine(product, found),
                "dn": UNKNOWN if series.number is None else series.number,
                "sd": UNKNOWN if series.total is None else series.total,
                "dt": day,
                "co": last.event.country or UNKNOWN,
            }


def _vaccine(product: Product | None, found: Found) -> World:
    """Write the members that the product decides; its class, where only that is known."""
    vp = "" if found.class_differs else product.vp if product else found.stated_class
    return {
        "mp": product.mp if product else UNKNOWN,
        "ma": product.ma if product else UNKNOWN,
        "vp": vp or UNKNOWN,
    }


def _tests(claims: Claims, kind: str, events: Sequence[Test], disease: str) -> Presented:
    samples = [(disease_of(event.disease), sampling.read_sample(event)) for event in events]
    diseases = tuple(dict.fromkeys(about for about, _ in samples if about))
    about = disease or _chosen(diseases, [(each,) if each else () for each, _ in samples])
    those = [sample for each, sample in samples if each and each == about]
    # What they look for is not known, so that they may have found this disease.
    unknown = [sample for each, sample in samples if not each]
    others = [*filter(sampling.may_be_positive, unknown)] if those else unknown
    if not those and not others:
        nothing = [_NOTHING]
        return Presented(kind, disease=about, diseases=diseases, reasons=nothing)
    reasons = [Reason.DISEASE_UNKNOWN] if others else []
    worlds = []
    for target, group in ((about, those), ("", others)):
        for sample in sampling.latest(group):
            entries, told = sampling.members_of(sample)
            reasons += told
            place = {"co": sample.event.country or UNKNOWN}
            worlds += [
                _around(claims, "t", {**entry, **place, **_common(claims, target, "")})
                for entry in entries
            ]
    return Presented(kind, disease=about, diseases=diseases, worlds=worlds, reasons=reasons)


def _common(claims: Claims, about: str, country: str) -> World:
    """Write the members that every entry has. A number of another family is no UVCI."""
    return {
        **({"co": country} if country else {}),
        "tg": target_of(about) if about else UNKNOWN,
        "is": claims.issuer or UNKNOWN,
        "ci": UNKNOWN,
    }


def _around(claims: Claims, group: str, entry: World) -> World:
    """Write the payload round its one entry."""
    holder = claims.holder or _NOBODY
    names = {
        "fn": holder.family,
        "gn": holder.given,
        "fnt": holder.family_mrz,
        "gnt": holder.given_mrz,
    }
    return {
        "ver": _SCHEMA,
        "nam": {member: name or UNKNOWN for member, name in names.items()},
        "dob": holder.birth_date.text or UNKNOWN,
        group: [entry],
    }
