"""WHO's prequalified vaccines that may stand in a digital ICVP: disease, maker, since when.

Facts entered from WHO's smart-icvp, commit 6a24a8eb of 30 October 2025 (value set ICVPProductIds,
table of prequalified vaccines): 11 products against yellow fever, 49 against poliomyelitis.
Combined vaccines stand under poliomyelitis, as WHO lists them. The list has a date, because WHO
adds to it: a product that is younger than the list cannot be judged by it.
"""

from typing import Final, NamedTuple

LISTED_ON: Final = "2025-10-30"

# ICD-11, WHO's own map from products to diseases.
YELLOW_FEVER: Final = "1D47"
POLIOMYELITIS: Final = "1C81"


class Product(NamedTuple):
    """A listed product: the disease (ICD-11), who makes it, the day of its prequalification."""

    disease: str
    maker: str
    since: str


# Below the first part of each id: the rest of it, the day, the maker.
_LISTED: Final = {
    ("YellowFeverProduct", YELLOW_FEVER): """
        d2c75a15ed309658b3968519ddb31690 2009-03-26 Chumakov Federal Scientific Center
        771d1a5c0acaee3e2dc9d56af1aba49d 2009-03-26 Chumakov Federal Scientific Center
        e929626497bdbb71adbe925f0c09c79f 2009-03-26 Chumakov Federal Scientific Center
        01a3b83cf13e87948437db11cf5c34eb 2022-10-14 Chumakov Federal Scientific Center
        f82b015dfb3b1feeacd4c44d95b3b3ec 2001-03-20 Institut Pasteur de Dakar
        223330a7c15da86b21cc363f591de002 2001-03-20 Institut Pasteur de Dakar
        ffea8448252ee58b7a92add05f0c3431 2001-03-20 Institut Pasteur de Dakar
        d8a09f80301dc05e124f99ffe7711fc0 1987-01-01 Sanofi Pasteur
        ab01f006f8b24113f4a28cb50bfe6d9d 2001-10-17 Bio-Manguinhos/Fiocruz
        5f0639d8e4d52afef089aa7148c5060c 2007-12-10 Bio-Manguinhos/Fiocruz
        e0534dbc71a6cc09f56dce25216c538c 2001-10-17 Bio-Manguinhos/Fiocruz
    """,
    ("PolioVaccineOralOPVTrivaProduct", POLIOMYELITIS): """
        fa4849f7532d522134f4102063af1617 2015-03-20 Bharat Biotech
        4df3a93ab495d85b3583d0cd1ae3d83e 2015-03-20 Bharat Biotech
        e0bcdc085107751b3df34ad04620ac21 2020-08-31 PT Bio Farma
        bd7faeaf3f0e633420fba396895d6cc9 2006-02-02 Haffkine Bio-Pharmaceutical
    """,
    ("PolioVaccineOralOPVBivalProduct", POLIOMYELITIS): """
        16e883911ea0108b8213bc213c9972fe 2017-08-25 Bharat Biotech
        0e59118bc5938520115bac65a45be04d 2015-03-20 Bharat Biotech
        b62fbc87532804be42afa8d9050ef452 2021-11-16 Panacea Biotec
        02c099d69cd245e7fcd3280a96f1dccb 2018-12-07 Panacea Biotec
        decf3a77facc0b8f1443db5f7a806857 2015-11-05 PT Bio Farma
        10aa94cef126e62542c2c45dc3604c0b 2010-05-26 PT Bio Farma
        26e6c50dfb385f223a12238dc6e202dd 2010-03-19 Haffkine Bio-Pharmaceutical
        14c88c2e9b35698b4726903940c58037 2009-10-29 GlaxoSmithKline
        2d10261076734e48cd7b289de6ea802e 2009-10-29 GlaxoSmithKline
        dcbfa0a541c65032a917c39fa762c2f9 2017-12-21 Beijing Institute of Biological Products
        06bf2d06adcc6d9e2bea8ac21846bb09 2014-10-22 Serum Institute of India
        a5416e91021f0c00915e4688ff508717 2013-02-04 Serum Institute of India
    """,
    ("PolioVaccineInactivatedSProduct", POLIOMYELITIS): """
        0854d534a200bbeffa8be0f57dad584a 2021-06-01 LG Chem
        031f63df3184acdf0cb82f90f316b6c3 2020-12-21 LG Chem
        2050ea67709cfcde28a01f0546276e96 2022-06-06 Sinovac Biotech
        25383b1f589d42af3719c7074f982c9b 2022-02-15 Beijing Institute of Biological Products
        d554f4c3848920ca8bcd00d44afd18a4 2024-08-29 Sinovac Biotech
    """,
    ("DiphtheriaTetanusPertussProduct", POLIOMYELITIS): """
        f4177b409d09d83e48630717437c5aea 2024-03-21 Serum Institute of India
        0e63b58e2976f385b77a9b5a356b68b5 2024-03-21 Serum Institute of India
        d54558e2851d29311ee7f90975827dc7 2014-12-19 Sanofi Pasteur
    """,
    ("PolioVaccineInactivatedIProduct", POLIOMYELITIS): """
        532ef986c8042bbb15fee24056fdc4ed 2005-12-09 Sanofi Pasteur
        087ff26057e89c006517428347dfbc3c 2010-12-23 AJ Vaccines
        096d9e8c31e30cc1148311ee66359a50 2020-04-21 AJ Vaccines
        c726fd7210023aa5738617a79cae2b40 2010-12-06 Bilthoven Biologicals
        1d63ab46cee67d02439c47ed91439667 2016-10-28 Serum Institute of India
        13e82343f8e192fe6e3fbfbf2a47ffd7 2016-10-28 Serum Institute of India
        f8085a2bd9a1c84fba1adee2ec6f6fb1 2016-10-28 Serum Institute of India
        fea93261bf2f096ea48aed825522dc2d 2019-07-11 Serum Institute of India
        3cde3a30cacdc23b9ec3bdf4ba9d23ff 2014-11-28 Bilthoven Biologicals
        4562bbd80c6e57dbe29b122817623854 2024-02-29 Bilthoven Biologicals
        81ee9ba77c4419bbfe44a27cfd10027e 2018-10-01 Sanofi Healthcare India
        8b13b5fcf5e9268b345775be7c3f077c 2022-04-22 Sanofi Healthcare India
    """,
    ("PolioVaccineOralOPVMonovProduct", POLIOMYELITIS): """
        cea74be2c728329aad7b9b33ae16a0b1 2009-11-03 PT Bio Farma
        ef716e2b9567223ce6c95b090480ecfe 2019-06-21 PT Bio Farma
        ae7e506ca48a3aa605b188cd11eaceab 2009-11-03 Haffkine Bio-Pharmaceutical
        f6d840e9cf722a80b38d0be001f47caf 2016-01-14 Sanofi Pasteur
        7d442364610244382098e1c4a3ba54c3 2009-10-29 GlaxoSmithKline
        4580ab03228ed6c70bb6c117b408f7e5 2009-10-29 GlaxoSmithKline
        7a252b223173567f21721ee15a36f057 2010-10-05 GlaxoSmithKline
        f22fcdfa611173d0afbce56d49867530 2010-10-05 GlaxoSmithKline
        1b2bdb769d38e0b45eb60707ff9a36cb 2011-05-11 GlaxoSmithKline
        b4755cab194f57a5fecc8d890856bbdf 2011-05-11 GlaxoSmithKline
    """,
    ("PolioVaccineNovelOralnOPProduct", POLIOMYELITIS): """
        65b137f0201901bc43fc8759e4f35f35 2024-07-29 Biological E
        278e9af5dc50904dd144a7ceb4d42dd7 2023-12-27 PT Bio Farma
        ab7589153ddbc7968e1749119c5b1678 2024-07-29 Biological E
    """,
}

_ID, _DAY = 32, 10


def _read_table() -> dict[str, Product]:
    return {
        start + line[:_ID]: Product(disease, line[_ID + _DAY + 2 :], line[_ID + 1 : _ID + _DAY + 1])
        for (start, disease), rows in _LISTED.items()
        for line in map(str.strip, rows.strip().splitlines())
    }


PRODUCTS: Final = _read_table()

# Codes of a class of vaccine instead of a product, as certificates of the first generation carry
# them (smart-icvp, ICVPVaccineCodes; SNOMED CT for yellow fever): they prove the disease alone.
CLASSES: Final = {
    **dict.fromkeys(("XM0N24", "XM3418", "871717007"), YELLOW_FEVER),
    **dict.fromkeys(
        (
            "XM0N50", "XM1LX9", "XM09Q7", "XM0LT9", "XM8AW1", "XM01H1", "XM21E6", "XM84S1",
            "XM9JP8", "XM5V19", "XM79H3", "XM0VX8", "XM0KZ1",
        ),
        POLIOMYELITIS,
    ),
}  # fmt: skip
