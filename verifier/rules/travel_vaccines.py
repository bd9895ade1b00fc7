"""Vaccines against other diseases: yellow fever, poliomyelitis, measles, meningococci, mpox.

Facts, entered here in a form of our own, as of 22 November 2026. Sources, as the rows name them in
short: ICVP: WHO's catalogue of products that may stand in a digital certificate (smart-icvp,
6a24a8eb); PQ: its list of prequalified vaccines (early 2025); CDC: CVX and MVX codes; CH: classes
in SNOMED CT by the concept map of ch-vacd 3.3.0, in ATC where that has none.

Products of one maker that differ in the size of the pack are one row; ``pq`` is the first day.
"""

from typing import Final

from verifier.rules.product import Product

YELLOW_FEVER: Final = ("yellow-fever",)
POLIO: Final = ("poliomyelitis",)

# fmt: off
TRAVEL_VACCINES: Final = (
    Product("yf-chumakov", "Yellow fever vaccine, Chumakov", "", "ICVP CH",
        diseases=YELLOW_FEVER, own_class="871717007", pq="2009-03-26",
        codes="icvp:YellowFeverProductd2c75a15ed309658b3968519ddb31690 "
              "icvp:YellowFeverProduct771d1a5c0acaee3e2dc9d56af1aba49d "
              "icvp:YellowFeverProducte929626497bdbb71adbe925f0c09c79f"),
    Product("yf-sinsavac", "SinSaVac™", "", "ICVP CH",
        diseases=YELLOW_FEVER, own_class="871717007", pq="2022-10-14",
        codes="icvp:YellowFeverProduct01a3b83cf13e87948437db11cf5c34eb"),
    Product("yf-stabilized-yellow-fever-vaccine", "Stabilized Yellow Fever Vaccine", "", "ICVP CH",
        diseases=YELLOW_FEVER, own_class="871717007", pq="2001-03-20",
        codes="icvp:YellowFeverProductf82b015dfb3b1feeacd4c44d95b3b3ec "
              "icvp:YellowFeverProduct223330a7c15da86b21cc363f591de002 "
              "icvp:YellowFeverProductffea8448252ee58b7a92add05f0c3431"),
    Product("yf-stamaril", "STAMARIL", "", "CDC ICVP CH",
        diseases=YELLOW_FEVER, own_class="871717007", pq="1987-01-01",
        codes="cvx:183 mvx:PMC icvp:YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0"),
    Product("yf-biomanguinhos", "Yellow Fever", "", "ICVP CH",
        diseases=YELLOW_FEVER, own_class="871717007", pq="2001-10-17",
        codes="icvp:YellowFeverProductab01f006f8b24113f4a28cb50bfe6d9d "
              "icvp:YellowFeverProduct5f0639d8e4d52afef089aa7148c5060c "
              "icvp:YellowFeverProducte0534dbc71a6cc09f56dce25216c538c"),
    Product("topv-biopolio", "BIOPOLIO", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2015-03-20",
        codes="icvp:PolioVaccineOralOPVTrivaProductfa4849f7532d522134f4102063af1617 "
              "icvp:PolioVaccineOralOPVTrivaProduct4df3a93ab495d85b3583d0cd1ae3d83e"),
    Product("bopv-biopolio-b1-3", "BIOPOLIO B1/3", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2015-03-20",
        codes="icvp:PolioVaccineOralOPVBivalProduct16e883911ea0108b8213bc213c9972fe "
              "icvp:PolioVaccineOralOPVBivalProduct0e59118bc5938520115bac65a45be04d"),
    Product("bopv-panacea",
        "Bivalent OPV Type 1 and 3 Poliomyelitis Vaccine, Live (Oral)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2018-12-07",
        codes="icvp:PolioVaccineOralOPVBivalProductb62fbc87532804be42afa8d9050ef452 "
              "icvp:PolioVaccineOralOPVBivalProduct02c099d69cd245e7fcd3280a96f1dccb"),
    Product("bopv-biofarma",
        "Bivalent Oral Poliomyelitis Vaccine Type 1&3 (bOPV 1&3)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2010-05-26",
        codes="icvp:PolioVaccineOralOPVBivalProductdecf3a77facc0b8f1443db5f7a806857 "
              "icvp:PolioVaccineOralOPVBivalProduct10aa94cef126e62542c2c45dc3604c0b"),
    Product("bopv-haffkine",
        "Bivalent type 1&3 Oral Poliomyelitis vaccine, IP (bOPV1&3)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2010-03-19",
        codes="icvp:PolioVaccineOralOPVBivalProduct26e6c50dfb385f223a12238dc6e202dd"),
    Product("sipv-eupolio-inj", "Eupolio Inj.", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2020-12-21",
        codes="icvp:PolioVaccineInactivatedSProduct0854d534a200bbeffa8be0f57dad584a "
              "icvp:PolioVaccineInactivatedSProduct031f63df3184acdf0cb82f90f316b6c3"),
    Product("hexavalent-hexasiil", "HEXASIIL", "", "ICVP CH",
        diseases=POLIO, own_class="871895005", pq="2024-03-21",
        codes="icvp:DiphtheriaTetanusPertussProductf4177b409d09d83e48630717437c5aea "
              "icvp:DiphtheriaTetanusPertussProduct0e63b58e2976f385b77a9b5a356b68b5"),
    Product("hexavalent-hexaxim", "Hexaxim", "", "ICVP CH",
        diseases=POLIO, own_class="871895005", pq="2014-12-19",
        codes="icvp:DiphtheriaTetanusPertussProductd54558e2851d29311ee7f90975827dc7"),
    Product("ipv-imovax-polio", "IMOVAX POLIO", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2005-12-09",
        codes="icvp:PolioVaccineInactivatedIProduct532ef986c8042bbb15fee24056fdc4ed"),
    Product("ipv-ipv-vaccine-ajv", "IPV Vaccine AJV", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2010-12-23",
        codes="icvp:PolioVaccineInactivatedIProduct087ff26057e89c006517428347dfbc3c"),
    Product("mopv1-biofarma",
        "Monovalent Oral Poliomyelitis Vaccine Type 1 (mOPV1)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2009-11-03",
        codes="icvp:PolioVaccineOralOPVMonovProductcea74be2c728329aad7b9b33ae16a0b1"),
    Product("mopv2-biofarma", "Monovalent Oral Poliomyelitis Vaccine Type 2", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2019-06-21",
        codes="icvp:PolioVaccineOralOPVMonovProductef716e2b9567223ce6c95b090480ecfe"),
    Product("mopv1-haffkine",
        "Monovalent type 1 Oral Poliomyelitis vaccine, IP (mOPV1)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2009-11-03",
        codes="icvp:PolioVaccineOralOPVMonovProductae7e506ca48a3aa605b188cd11eaceab"),
    Product("mopv2-sanofi", "ORAL MONOVALENT TYPE 2 POLIOMYELITIS VACCINE (mOPV2)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2016-01-14",
        codes="icvp:PolioVaccineOralOPVMonovProductf6d840e9cf722a80b38d0be001f47caf"),
    Product("topv-biofarma", "Oral Poliomyelitis Vaccines (Oral Drops)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2020-08-31",
        codes="icvp:PolioVaccineOralOPVTrivaProducte0bcdc085107751b3df34ad04620ac21"),
    Product("ipv-picovax", "Picovax", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2020-04-21",
        codes="icvp:PolioVaccineInactivatedIProduct096d9e8c31e30cc1148311ee66359a50"),
    Product("mopv1-polio-sabin-mono-t1", "Polio Sabin Mono T1", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2009-10-29",
        codes="icvp:PolioVaccineOralOPVMonovProduct7d442364610244382098e1c4a3ba54c3 "
              "icvp:PolioVaccineOralOPVMonovProduct4580ab03228ed6c70bb6c117b408f7e5"),
    Product("mopv3-polio-sabin-mono-three-oral", "Polio Sabin Mono Three (oral)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2010-10-05",
        codes="icvp:PolioVaccineOralOPVMonovProduct7a252b223173567f21721ee15a36f057 "
              "icvp:PolioVaccineOralOPVMonovProductf22fcdfa611173d0afbce56d49867530"),
    Product("mopv2-polio-sabin-mono-two-oral", "Polio Sabin Mono Two (oral)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2011-05-11",
        codes="icvp:PolioVaccineOralOPVMonovProduct1b2bdb769d38e0b45eb60707ff9a36cb "
              "icvp:PolioVaccineOralOPVMonovProductb4755cab194f57a5fecc8d890856bbdf"),
    Product("bopv-polio-sabin-one-and-three", "Polio Sabin One and Three", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2009-10-29",
        codes="icvp:PolioVaccineOralOPVBivalProduct14c88c2e9b35698b4726903940c58037 "
              "icvp:PolioVaccineOralOPVBivalProduct2d10261076734e48cd7b289de6ea802e"),
    Product("ipv-bilthoven", "Poliomyelitis vaccine", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2010-12-06",
        codes="icvp:PolioVaccineInactivatedIProductc726fd7210023aa5738617a79cae2b40"),
    Product("nopv2-bioe", "Poliomyelitis Vaccine - Novel Oral (nOPV) Type 2", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2024-07-29",
        codes="icvp:PolioVaccineNovelOralnOPProduct65b137f0201901bc43fc8759e4f35f35 "
              "icvp:PolioVaccineNovelOralnOPProductab7589153ddbc7968e1749119c5b1678"),
    Product("nopv2-biofarma", "Polio Vaccine - Novel Oral (nOPV) Type 2", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2023-12-27",
        codes="icvp:PolioVaccineNovelOralnOPProduct278e9af5dc50904dd144a7ceb4d42dd7"),
    Product("ipv-sii", "Poliomyelitis Vaccine (Inactivated)", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2016-10-28",
        codes="icvp:PolioVaccineInactivatedIProduct1d63ab46cee67d02439c47ed91439667 "
              "icvp:PolioVaccineInactivatedIProduct13e82343f8e192fe6e3fbfbf2a47ffd7 "
              "icvp:PolioVaccineInactivatedIProductf8085a2bd9a1c84fba1adee2ec6f6fb1 "
              "icvp:PolioVaccineInactivatedIProductfea93261bf2f096ea48aed825522dc2d"),
    Product("bopv-bibp",
        "Poliomyelitis Vaccine (live, oral attenuated, human Diploid Cell), type 1 and 3",
        "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2017-12-21",
        codes="icvp:PolioVaccineOralOPVBivalProductdcbfa0a541c65032a917c39fa762c2f9"),
    Product("bopv-sii", "Poliomyelitis Vaccine (Oral), Bivalent types 1 and 3", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2013-02-04",
        codes="icvp:PolioVaccineOralOPVBivalProduct06bf2d06adcc6d9e2bea8ac21846bb09 "
              "icvp:PolioVaccineOralOPVBivalProducta5416e91021f0c00915e4688ff508717"),
    Product("sipv-sinovac",
        "Poliomyelitis Vaccine (Vero Cell), Inactivated, Sabin Strains", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2022-06-06",
        codes="icvp:PolioVaccineInactivatedSProduct2050ea67709cfcde28a01f0546276e96 "
              "icvp:PolioVaccineInactivatedSProductd554f4c3848920ca8bcd00d44afd18a4"),
    Product("sipv-bibp",
        "Poliomyelitis Vaccine (Vero Cell), Inactivated, Sabin Strains", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2022-02-15",
        codes="icvp:PolioVaccineInactivatedSProduct25383b1f589d42af3719c7074f982c9b"),
    Product("ipv-bilthoven-multidose", "Poliomyelitis vaccine multidose", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2014-11-28",
        codes="icvp:PolioVaccineInactivatedIProduct3cde3a30cacdc23b9ec3bdf4ba9d23ff "
              "icvp:PolioVaccineInactivatedIProduct4562bbd80c6e57dbe29b122817623854"),
    Product("topv-haffkine", "Polioviral vaccine", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2006-02-02",
        codes="icvp:PolioVaccineOralOPVTrivaProductbd7faeaf3f0e633420fba396895d6cc9"),
    Product("ipv-shanipv", "ShanIPV™", "", "ICVP CH",
        diseases=POLIO, own_class="871739009", pq="2018-10-01",
        codes="icvp:PolioVaccineInactivatedIProduct81ee9ba77c4419bbfe44a27cfd10027e "
              "icvp:PolioVaccineInactivatedIProduct8b13b5fcf5e9268b345775be7c3f077c"),
    Product("yf-yf-vax", "YF-VAX", "", "CDC CH",
        diseases=YELLOW_FEVER, own_class="871717007",
        codes="cvx:37 mvx:PMC"),
    Product("ipv-ipol", "IPOL", "", "CDC CH",
        diseases=POLIO, own_class="871739009",
        codes="cvx:10 mvx:PMC"),
    Product("mmr-m-m-r-ii", "M-M-R II", "", "CDC CH",
        diseases=("measles", "mumps", "rubella"), own_class="871831003", pq="2009-01-06",
        codes="cvx:3 mvx:MSD"),
    Product("mmr-priorix", "Priorix", "", "CDC CH",
        diseases=("measles", "mumps", "rubella"), own_class="871831003", pq="2001-03-09",
        codes="cvx:3 mvx:SKB"),
    Product("mmr-sii", "Measles, Mumps and Rubella Vaccine, Live, Attenuated", "", "CH",
        diseases=("measles", "mumps", "rubella"), own_class="871831003", pq="2003-08-08"),
    Product("mmrv-proquad", "ProQuad", "", "CDC CH",
        diseases=("measles", "mumps", "rubella", "varicella"), own_class="871908002",
        codes="cvx:94 mvx:MSD"),
    Product("mr-sii", "Measles and Rubella Vaccine, Live, Attenuated", "", "PQ",
        diseases=("measles", "rubella"), own_class="J07BD53", pq="2000-07-18"),
    Product("mr-bioe", "Measles and Rubella Vaccine (Live) (Attenuated, Freeze Dried)", "", "PQ",
        diseases=("measles", "rubella"), own_class="J07BD53", pq="2019-09-24"),
    Product("measles-sii", "Measles Vaccine, Live, Attenuated", "", "CH",
        diseases=("measles",), own_class="871765008", pq="1993-02-15"),
    Product("measles-biofarma", "Measles vaccine", "", "CH",
        diseases=("measles",), own_class="871765008", pq="1997-04-09"),
    Product("measles-attenuvax", "Attenuvax", "", "CDC CH",
        diseases=("measles",), own_class="871765008",
        codes="cvx:5 mvx:MSD"),
    Product("men-menactra", "Menactra", "", "CDC CH",
        diseases=("meningococcal",), own_class="871873006", pq="2014-03-21",
        codes="cvx:114 mvx:PMC"),
    Product("men-menquadfi", "MenQuadfi", "", "CDC CH",
        diseases=("meningococcal",), own_class="871873006", pq="2022-01-28",
        codes="cvx:203 mvx:PMC"),
    Product("men-menveo", "Menveo", "", "CDC CH",
        diseases=("meningococcal",), own_class="871873006", pq="2013-07-31",
        codes="cvx:136 mvx:SKB mvx:NOV"),
    Product("men-nimenrix", "Nimenrix", "", "CH",
        diseases=("meningococcal",), own_class="871873006", pq="2016-08-31"),
    Product("men-menfive", "MenFive", "", "PQ",
        diseases=("meningococcal",), pq="2023-07-06"),
    Product("men-menafrivac", "MenAfriVac", "", "PQ",
        diseases=("meningococcal",), own_class="J07AH10", pq="2010-06-23"),
    Product("men-menomune", "Menomune", "", "CDC",
        diseases=("meningococcal",), own_class="J07AH04",
        codes="cvx:32 mvx:PMC"),
    Product("mpox-mva-bn", "MVA-BN (Imvanex, Jynneos, Imvamune)", "", "CDC PQ",
        diseases=("mpox", "smallpox"), own_class="J07BX01", pq="2024-09-13",
        codes="cvx:206 mvx:BN"),
)
# fmt: on
