"""What codes of vaccines and tests are about: a disease, and for COVID-19 vaccines the product.

Facts from the value sets of HL7's vaccination guide for SMART Health Cards (2025), the terminology
of the card community (dvci/shc-terminology, 2023) and the CVX list of the CDC; diseases in SNOMED
CT, as everywhere here. A code that is not in here says nothing; nothing is ever guessed from one.
"""

from collections.abc import Iterator
from typing import Final, NamedTuple

COVID_19: Final = "840539006"
_CHOLERA: Final = "63650001"
_MEASLES: Final = "14189004"
_MENINGOCOCCAL: Final = "23511006"
_MPOX: Final = "359814004"
_POLIO: Final = "398102009"
_YELLOW_FEVER: Final = "16541001"


class Meaning(NamedTuple):
    """What a vaccine code stands for. ``product`` is empty for one that many products share."""

    disease: str
    product: str


# A row a product: its name here, then CVX, ICD-11 and SNOMED CT codes. Two products of one row
# share codes, so that nobody can tell which it was.
_COVID_PRODUCTS: Final = """
comirnaty | 208 217 218 219 300 301 302 308 309 310 520 | XM8NQ0
    | 1031000172108 1411000220106 28581000087106 33361000087101 33881000087102 34611000087105
      424751000221104
spikevax | 207 221 227 228 229 230 311 312 519 | XM3DT5
    | 10871000172106 1421000220104 28571000087109 35651000087105 37311000087109 37651000087101
      424731000221108
vaxzevria or covishield | 210 | XM4YL8 XM97T2
    | 10891000172107 1401000220108 28761000087108 28961000087105 424571000221103 424581000221100
jcovden | 212 | XM6QV1 | 10901000172106 28951000087107 62051000220105 424591000221102
nuvaxovid or covovax | 211 313 | XM9T65 | 29171000087106 34921000087108 424831000221103
sinopharm bibp | 510 | XM8866 | 31301000087101
sinopharm wibp | | XM1AU2 | 33201000087108
coronavac | 511 | XM7HT3 | 31311000087104
covaxin | 502 | XM1G90 | 33211000087105
sputnik v | 505 | XM5ZJ4 | 31341000087103
sputnik light | 504 | XM5QM6 | 33461000087106
convidecia | 506 | XM1AG7 | 31431000087100
sanofi | 225 226 521 | |
"""

# COVID-19 vaccines whose codes name no product of the rows above.
_COVID_OTHERS: Final = {
    "cvx": "213 500 501 503 507 508 509 512 513 514 515 516 517 518",
    "icd11": """
        XM68M6 XM1NL1 XM5DF6 XM9QW8 XM0CX4 XM5JC5 XM3CT4 XM1J92 XM6AT1 XM0GQ8
        XM9TQ1 XM85P5 XM9FQ7 XM97N6 XM2YG8 XM0K39 XM3PG0 XM4EC8 XM6SZ8 XM0RV9 XM3SK8 XM9P21
        XM9N08 XM52P3""",
    "snomed": """
        33581000087104 30151000087105 33391000087109 33401000087107 33411000087109 33421000087101
        33431000087104 33441000087105 33451000087108 33471000087102 34591000087100 34601000087108
        28531000087107 29061000087103 1119349007""",
}

_OTHER_DISEASES: Final = {
    _YELLOW_FEVER: {"cvx": "37 183 184", "icd11": "XM0N24 XM3418"},
    _POLIO: {"cvx": "2 10 89 178 179 182 324", "icd11": "XM0N50 XM0VX8 XM0KZ1 XM79H3 XM5V19"},
    _MEASLES: {"cvx": "3 4 5 94", "icd11": "XM28X5 XM8L15 XM9439 XM8TF3 XM21H2 XM4AJ8"},
    _MPOX: {"cvx": "75 206 325", "icd11": "XM95R0"},
    _MENINGOCOCCAL: {"cvx": "32 108 114 136 147 203 316 328", "icd11": "XM2AR0 XM2EH7"},
    _CHOLERA: {"cvx": "26 172 173 174", "icd11": "XM29K4"},
}

# Tests for SARS-CoV-2, its antigens, antibodies and genes.
_COVID_TESTS: Final = """
94307-6 94308-4 94309-2 94310-0 94314-2 94315-9 94316-7 94500-6 94502-2 94532-9 94533-7 94534-5
94559-2 94565-9 94639-2 94640-0 94641-8 94647-5 94660-8 94756-4 94757-2 94758-0 94759-8 94760-6
94765-5 94766-3 94767-1 94822-4 94845-5 95406-5 95409-9 95423-0 95424-8 95425-5 95608-6 95609-4
95823-1 95824-9 96091-4 96120-1 96121-9 96122-7 96123-5 96448-6 96763-8 96765-3 96797-6 96829-7
96957-6 96958-4 96986-5 97098-8 98131-6 98132-4 98493-0 98494-8 94306-8 94531-1
94558-4 95209-3 96119-3 97097-0
94507-1 94508-9 94547-7 94562-6 94563-4 94564-2 94761-4 94762-2 94768-9 95125-1 95411-5 95416-4
95542-7 95825-6 96603-6 98069-8 99596-9 99597-7 94503-0 94504-8 94661-6
94763-0 96752-1 95970-0 95971-8 99772-6
"""


def _vaccines() -> Iterator[tuple[tuple[str, str], Meaning]]:
    for row in _COVID_PRODUCTS.replace("\n    ", " ").strip().splitlines():
        product, *columns = (column.strip() for column in row.split("|"))
        for system, codes in zip(("cvx", "icd11", "snomed"), columns, strict=True):
            for code in codes.split():
                yield (system, code), Meaning(COVID_19, product)
    for disease, systems in {COVID_19: _COVID_OTHERS, **_OTHER_DISEASES}.items():
        for system, codes in systems.items():
            for code in codes.split():
                yield (system, code), Meaning(disease, "")


_VACCINES: Final = dict(_vaccines())
_TESTS: Final = frozenset(_COVID_TESTS.split())
_UNKNOWN: Final = Meaning("", "")


def vaccine(system: str, code: str) -> Meaning:
    """Tell what a vaccine code (``cvx``, ``icd11``, ``snomed``) stands for; both empty if unknown.

    CVX codes are taken without leading zeros.
    """
    return _VACCINES.get((system, code), _UNKNOWN)


def tested_disease(loinc: str) -> str:
    """Tell the disease that a test (LOINC) looks for, empty for one that is not known here."""
    return COVID_19 if loinc in _TESTS else ""
