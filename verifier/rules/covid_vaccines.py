"""COVID-19 vaccines and their codes, as of 22 November 2026.

Facts, entered here in a form of our own. Sources, as the rows name them in short:
EU: ehn-dcc-development/eu-dcc-valuesets 2.12.0 (products, holders, encoding instructions);
CDC: the lists of CVX and MVX codes (September 2025) in HL7/fhir-shc-vaccination-ig and
dvci/shc-terminology; SHC: SNOMED CT codes of these two; WHO: ICD-11 codes in
WorldHealthOrganization/ddcc (a2f245a2), corrected where its maps contradict the product;
AIR: dvci/shc-terminology (three codes); NZ: Gazette notices 2021-go4690 and 2022-sl3131;
ICAO: WHO's codes for names in health seals (ddcc); press: reports. WHO's listing: state of December
2022 and later announcements.

A class is what the EU's instructions tell issuers to write, the finer one of two.
"""

from typing import Final

from verifier.rules.product import (
    ANY_COVID,
    DNA,
    INACTIVATED,
    LISTED,
    MRNA,
    PARTICLE,
    PROTEIN,
    VECTOR,
    Product,
)

# fmt: off
COVID_VACCINES: Final = (
    Product("cov-comirnaty", "Comirnaty", MRNA, "EU CDC SHC WHO AIR",
        eu_product="EU/1/20/1528", holder="ORG-100030215", eul="2020-12-31", pq="2024-10-09",
        codes="mvx:PFR snomed:1031000172108 snomed:424751000221104 snomed:399911000221104 "
              "snomed:39116111000001100 icd11:XM8NQ0 air:COMIRN "
              "icao:ICAO001 icao:ICAO002 icao:ICAO003 icao:ICAO004 icao:ICAO005 icao:ICAO006 "
              "icao:ICAO007 icao:ICAO008",
        versions={
            "30-pbs": "cvx:208 snomed:28581000087106 snomed:1411000220106",
            "30-tris": "cvx:217 snomed:33881000087102 snomed:125081000220106",
            "10-child": "cvx:218 snomed:33361000087101 snomed:125071000220108",
            "3-infant": "cvx:219 snomed:34611000087105",
            "30-bivalent-us": "cvx:300 snomed:125101000220104",
            "10-bivalent-us": "cvx:301",
            "3-bivalent-us": "cvx:302",
            "bivalent-ba1": "cvx:520 snomed:125091000220109",
            "3-2023": "cvx:308",
            "30-2023": "cvx:309",
            "10-2023": "cvx:310",
        }),
    Product("cov-spikevax", "Spikevax", MRNA, "EU CDC SHC WHO AIR",
        eu_product="EU/1/20/1507", holder="ORG-100031184", eul="2021-04-30",
        codes="mvx:MOD snomed:10871000172106 snomed:424731000221108 snomed:39326811000001106 "
              "icd11:XM3DT5 air:MODERN gtin:30380777700688",
        versions={
            "100-or-50": "cvx:207 snomed:28571000087109 snomed:1421000220104 "
                         "snomed:399891000221101 snomed:399901000221102",
            "50": "cvx:221 snomed:35651000087105",
            "50-child": "cvx:227",
            "25-infant": "cvx:228",
            "bivalent": "cvx:229 snomed:125121000220108 snomed:37651000087101",
            "10-bivalent": "cvx:230",
            "bivalent-ba1": "cvx:519 snomed:125111000220101 snomed:37311000087109",
            "25-2023": "cvx:311",
            "50-2023": "cvx:312",
        }),
    Product("cov-vaxzevria", "Vaxzevria", VECTOR, "EU CDC SHC WHO AIR",
        eu_product="EU/1/21/1529", holder="ORG-100001699", eul="2021-02-15",
        codes="cvx:210 mvx:ASZ snomed:10891000172107 snomed:28761000087108 snomed:1401000220108 "
              "snomed:399781000221106 snomed:424571000221103 snomed:425031000221105 "
              "snomed:39116211000001106 icd11:XM4YL8 air:COVAST"),
    Product("cov-covishield", "Covishield", VECTOR, "EU CDC SHC WHO",
        eu_product="Covishield", holder="ORG-100001981", eul="2021-02-15",
        codes="cvx:210 snomed:28961000087105 snomed:399771000221108 snomed:424581000221100 "
              "icd11:XM97T2"),
    Product("cov-jcovden", "Jcovden", VECTOR, "EU CDC SHC WHO",
        eu_product="EU/1/20/1525", holder="ORG-100001417", eul="2021-03-12",
        codes="cvx:212 mvx:JSN snomed:10901000172106 snomed:28951000087107 snomed:62051000220105 "
              "snomed:399821000221103 snomed:424591000221102 icd11:XM6QV1 gtin:00359676580157"),
    Product("cov-bbibp-corv", "BBIBP-CorV (Covilo)", INACTIVATED, "EU CDC SHC WHO",
        eu_product="BBIBP-CorV", holder="ORG-100020693", eul="2021-05-07",
        codes="cvx:510 mvx:SPH snomed:31301000087101 snomed:384671000221101 "
              "snomed:424551000221105 icd11:XM8866"),
    Product("cov-coronavac", "CoronaVac", INACTIVATED, "EU CDC SHC WHO",
        eu_product="CoronaVac", holder="Sinovac-Biotech", eul="2021-06-01",
        codes="cvx:511 mvx:SNV snomed:31311000087104 icd11:XM7HT3"),
    Product("cov-covaxin", "Covaxin", INACTIVATED, "EU CDC SHC WHO",
        eu_product="Covaxin", holder="Bharat-Biotech", eul="2021-11-03",
        codes="cvx:502 mvx:BBI snomed:33211000087105 icd11:XM1G90"),
    Product("cov-nuvaxovid", "Nuvaxovid", PROTEIN, "EU CDC SHC WHO",
        eu_product="EU/1/21/1618", old_product="NVX-CoV2373", holder="ORG-100032020",
        eul="2021-12-20",
        codes="mvx:NVX snomed:29171000087106 snomed:424831000221103 snomed:39478211000001100 "
              "icd11:XM9T65",
        versions={
            "original": "cvx:211",
            "2023": "cvx:313",
        }),
    Product("cov-covovax", "Covovax", PROTEIN, "EU CDC SHC WHO",
        eu_product="Covovax", holder="ORG-100001981", eul="2021-12-17",
        codes="cvx:211 snomed:34921000087108 icd11:XM9T65"),
    Product("cov-convidecia", "Convidecia", VECTOR, "EU CDC SHC WHO",
        eu_product="Convidecia", holder="ORG-100013793", eul="2022-05-19",
        codes="cvx:506 snomed:31431000087100 snomed:424781000221109 snomed:424791000221107 "
              "icd11:XM1AG7"),
    Product("cov-skycovione", "SKYCovione", PROTEIN, "press",
        eul=LISTED),
    Product("cov-corbevax", "Corbevax", PROTEIN, "CDC",
        eul=LISTED,
        codes="cvx:517"),
    Product("cov-bimervax", "Bimervax", PROTEIN, "EU",
        eu_product="EU/1/22/1709", holder="ORG-100036914", own_class=ANY_COVID, pq="2023-10-09"),
    Product("cov-fiocruz", "Covid-19 (recombinant), Fiocruz", VECTOR, "EU",
        eu_product="Covid-19-recombinant", holder="Fiocruz"),
    Product("cov-r-covi", "R-COVI", VECTOR, "EU WHO ICAO",
        eu_product="R-COVI", holder="ORG-100007893",
        codes="icd11:XM4YL8 icao:ICAO049"),
    Product("cov-azd2816", "AZD2816", VECTOR, "EU WHO",
        eu_product="AZD2816", holder="ORG-100001699",
        codes="icd11:XM4YL8"),
    Product("cov-wibp-corv", "WIBP-CorV", INACTIVATED, "EU SHC WHO",
        eu_product="WIBP-CorV", holder="Sinopharm-WIBP",
        codes="snomed:33201000087108 icd11:XM1AU2"),
    Product("cov-butantan", "Vacina adsorvida covid-19 (inativada)", INACTIVATED, "EU",
        eu_product="Covid-19-adsorvida-inativada", holder="Instituto-Butantan"),
    Product("cov-hayat-vax", "Hayat-Vax", INACTIVATED, "EU WHO",
        eu_product="Hayat-Vax", holder="ORG-100023050",
        codes="icd11:XM9FQ7"),
    Product("cov-sputnik-v", "Sputnik V (Gam-COVID-Vac)", VECTOR, "EU CDC SHC WHO",
        eu_product="Sputnik-V", holder="Gamaleya-Research-Institute",
        codes="cvx:505 snomed:31341000087103 snomed:399801000221105 snomed:399811000221108 "
              "snomed:424641000221109 snomed:424651000221106 snomed:424661000221108 "
              "snomed:424671000221104 snomed:424711000221100 snomed:425001000221100 "
              "snomed:425011000221102 icd11:XM5ZJ4"),
    Product("cov-sputnik-light", "Sputnik Light", VECTOR, "EU CDC SHC WHO",
        eu_product="Sputnik-Light", holder="Gamaleya-Research-Institute",
        codes="cvx:504 snomed:33461000087106 snomed:424821000221101 icd11:XM5QM6"),
    Product("cov-sputnik-m", "Sputnik M", VECTOR, "EU",
        eu_product="Sputnik-M", holder="Gamaleya-Research-Institute"),
    Product("cov-epivaccorona", "EpiVacCorona", PROTEIN, "EU CDC SHC WHO",
        eu_product="EpiVacCorona", holder="Vector-Institute",
        codes="cvx:509 snomed:33421000087101 icd11:XM6SZ8"),
    Product("cov-epivaccorona-n", "EpiVacCorona-N (Aurora-CoV)", PROTEIN, "EU WHO",
        eu_product="EpiVacCorona-N", holder="Vector-Institute",
        codes="icd11:XM3SK8"),
    Product("cov-covivac", "CoviVac (Chumakov)", INACTIVATED, "EU CDC SHC WHO",
        eu_product="CoviVac", holder="Chumakov-Federal-Scientific-Center",
        codes="cvx:503 snomed:33411000087109 icd11:XM85P5"),
    Product("cov-abdala", "Abdala (CIGB-66)", PROTEIN, "EU SHC",
        eu_product="Abdala", holder="CIGB", own_class=ANY_COVID,
        codes="snomed:33391000087109"),
    Product("cov-soberana-02", "Soberana 02 (FINLAY-FR-2)", PROTEIN, "EU SHC WHO",
        eu_product="Soberana-02", holder="Finlay-Institute", own_class=ANY_COVID,
        codes="snomed:34591000087100 icd11:XM3PG0 icao:ICAO024"),
    Product("cov-soberana-plus", "Soberana Plus (FINLAY-FR-1A)", PROTEIN, "EU WHO",
        eu_product="Soberana-Plus", holder="Finlay-Institute", own_class=ANY_COVID,
        codes="icd11:XM0RV9"),
    Product("cov-mvc-cov1901", "MVC COVID-19 vaccine (Medigen)", PROTEIN, "EU CDC SHC WHO",
        eu_product="MVC-COV1901", holder="ORG-100033914",
        codes="cvx:515 snomed:33441000087105 icd11:XM4EC8"),
    Product("cov-vidprevtyn-beta", "VidPrevtyn Beta", PROTEIN, "EU CDC",
        eu_product="EU/1/21/1580", old_product="Vidprevtyn", holder="ORG-100000788",
        own_class=ANY_COVID,
        codes="cvx:521 mvx:PMC"),
    Product("cov-sanofi-d614", "Sanofi-GSK vaccine, D614 (5 or 10 mcg)", PROTEIN, "CDC",
        codes="cvx:225 cvx:226 mvx:PMC"),
    Product("cov-valneva",
        "COVID-19 Vaccine (inactivated, adjuvanted) Valneva", INACTIVATED, "EU CDC SHC",
        eu_product="EU/1/21/1624", old_product="VLA2001", holder="ORG-100036422",
        own_class=ANY_COVID,
        codes="cvx:518 snomed:39375211000001103"),
    Product("cov-covifenz", "Covifenz (CoVLP)", PARTICLE, "EU CDC SHC",
        eu_product="Covifenz", holder="ORG-100008549", own_class=ANY_COVID,
        codes="cvx:512 mvx:MDO snomed:30151000087105"),
    Product("cov-cvncov", "CVnCoV", MRNA, "EU SHC",
        eu_product="CVnCoV", holder="ORG-100006270",
        codes="snomed:33221000087102"),
    Product("cov-nvsi-06-08", "NVSI-06-08", PROTEIN, "EU",
        eu_product="NVSI-06-08", holder="NVSI", own_class=ANY_COVID),
    Product("cov-ys-sc2-010", "YS-SC2-010 (PIKA)", PROTEIN, "EU",
        eu_product="YS-SC2-010", holder="Yisheng-Biopharma", own_class=ANY_COVID),
    Product("cov-sctv01c", "SCTV01C", PROTEIN, "EU",
        eu_product="SCTV01C", holder="ORG-100026614", own_class=ANY_COVID),
    Product("cov-zycov-d", "ZyCoV-D", DNA, "CDC SHC WHO",
        codes="cvx:514 snomed:424971000221108 icd11:XM52P3"),
    Product("cov-zifivax", "Zifivax (ZF2001)", PROTEIN, "CDC SHC",
        codes="cvx:507 cvx:513 snomed:33471000087102"),
    Product("cov-kconvac", "KCONVAC", INACTIVATED, "CDC SHC WHO",
        codes="cvx:516 snomed:33431000087104 icd11:XM9TQ1"),
    Product("cov-qazvac", "QazVac (QazCovid-in)", INACTIVATED, "CDC SHC WHO",
        codes="cvx:501 snomed:33451000087108 icd11:XM97N6"),
    Product("cov-coviran-barekat", "COVIran Barekat", INACTIVATED, "SHC WHO",
        codes="snomed:33401000087107 icd11:XM2YG8"),
    Product("cov-covidful", "Covidful (IMB inactivated)", INACTIVATED, "WHO ICAO",
        codes="icd11:XM0K39"),
    Product("cov-razi", "Razi COV PARS", PROTEIN, "WHO",
        codes="icd11:XM9N08"),
    Product("cov-spikogen", "SpikoGen (COVAX-19)", PROTEIN, "SHC WHO",
        codes="snomed:34601000087108 icd11:XM9P21"),
    Product("cov-jiangsu-ps", "Protein subunit vaccine, Jiangsu CDC", PROTEIN, "CDC",
        codes="cvx:508"),
    Product("cov-noora", "Noora", PROTEIN, "NZ"),
    Product("cov-turkovac", "Turkovac", INACTIVATED, "press"),
)
# fmt: on
