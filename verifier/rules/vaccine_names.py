"""How vaccines are written out, as whole texts after folding case and blanks.

Facts, entered here in a form of our own, as of 22 November 2026. A row is a product, where the
spelling was seen, and the spellings. Nothing is ever looked for inside a longer text: "Sinopharm",
"Pfizer" and "COVAX" are parts of the names of other things. Texts that several products share are
in ``vaccine_classes``. Of other diseases only names stand here that are a brand: "Yellow Fever" or
"Measles vaccine" is a product of WHO's list and what anybody would write of any such vaccine.
"COVAX" is not here: it is a facility that supplies vaccines of many makers.
"""

from typing import Final

# Where a spelling was seen.
_BE: Final = "dvbern/vacme-be-oss (canton of Bern)"
_BRAND: Final = "WHO ddcc, list of brands"
_CDC: Final = "CDC, list of products"
_CH: Final = "admin-ch, data of the certificate app"
_CHECK: Final = "egovernments/divoc-docs, and checklists of WHO and the EU"
_DIVOC: Final = "DIVOC certificates"
_EU: Final = "eu-dcc-valuesets 2.12.0, names and notes"
_ICAO: Final = "WHO ddcc, list of names in ICAO's seals; products assigned here"
_NZ: Final = "New Zealand Gazette"
_NZIG: Final = "tewhatuora/cinc-fhir-ig"
_OWN: Final = "the name of the row in our tables"
_PRESS: Final = "press"
_VDS: Final = "VDS-NC seals"
_LIST: Final = "WHO's list of prequalified vaccines, CDC list of products"

# fmt: off
NAMES: Final[tuple[tuple[str, str, str], ...]] = (
    ("cov-comirnaty", _ICAO, (
        "comirnaty | tozinameran | "
        "pfizer-biontech covid-19 vaccine bnt162b2 | 3 lnp-mrnas | tozinameran (inn) | "
        "bnt162b2/comirnaty | pfizer biontech-comirnaty | bnt162")),
    ("cov-comirnaty", _DIVOC, "covid-19 vaccine pfizer | pfizer"),
    ("cov-comirnaty", _CHECK, "pfizer-biontech or comirnaty"),
    ("cov-comirnaty", _VDS, "pfizer comirnaty"),
    ("cov-comirnaty", _NZ, "bnt162b2"),
    ("cov-comirnaty", _CDC,
        "pfizer-biontech covid-19 vaccine (eua labeled) comirnaty (bla labeled)"),
    ("cov-comirnaty", _NZIG, "pfizer/biontech"),
    ("cov-spikevax", _ICAO, (
        "covid-19 vaccine moderna | covid-19 mrna vaccine moderna mrna-1273 | "
        "spikevax | moderna-spikevax")),
    ("cov-spikevax", _CHECK, "moderna or modema or spikevax"),
    ("cov-spikevax", _VDS, "moderna spikevax"),
    ("cov-spikevax", _NZ, "mrna-1273 | tak-919 | covid-19 vaccine moderna intramuscular injection"),
    ("cov-spikevax", _CDC, "moderna covid-19 vaccine (non-us spikevax)"),
    ("cov-spikevax", _BRAND, "moderna"),
    ("cov-zycov-d", _ICAO, "zycov-d | zydus-zycov-d"),
    ("cov-zifivax", _ICAO, (
        "anhui zl - recombinant | adjuvanted recombinant protein (rbd-dimer) | "
        "zf2001 | zf-uz-vac 2001")),
    ("cov-zifivax", _NZ, "zifivax | rbd-dimer"),
    ("cov-zifivax", _OWN, "zifivax (zf2001)"),
    ("cov-soberana-02", _ICAO, (
        "soberana-02 | finlay - soberana-02 | "
        "rrbd produced in cho-cell chemically conjugated to tetanus toxoid | finlay-fr2 | "
        "pastucovac")),
    ("cov-soberana-02", _EU, "finlay-fr-2"),
    ("cov-soberana-02", _OWN, "soberana 02 (finlay-fr-2)"),
    ("cov-mvc-cov1901", _ICAO, "mvc-cov1901 | medigen-mvc-cov1901 | mvc covid-19 vaccine"),
    ("cov-mvc-cov1901", _OWN, "mvc covid-19 vaccine (medigen)"),
    ("cov-epivaccorona", _ICAO, "epivaccorona | srcvb-epivaccorona"),
    ("cov-soberana-plus", _ICAO, "soberana plus | finlay-soberana plus"),
    ("cov-soberana-plus", _EU, "finlay-fr-1a"),
    ("cov-soberana-plus", _OWN, "soberana plus (finlay-fr-1a)"),
    ("cov-epivaccorona-n", _ICAO, "epivaccorona-n | srcvb-epivaccorona-n"),
    ("cov-epivaccorona-n", _EU, "aurora-cov"),
    ("cov-epivaccorona-n", _OWN, "epivaccorona-n (aurora-cov)"),
    ("cov-spikogen", _ICAO, "spikogen | vaxine-spikogen | covax-19"),
    ("cov-spikogen", _OWN, "spikogen (covax-19)"),
    ("cov-nuvaxovid", _ICAO, "novavax covid-19 vaccine | nuvaxovid | nvx-cov2373"),
    ("cov-nuvaxovid", _NZ, "nvx-coc2373"),
    ("cov-covovax", _ICAO, "novavax-covovax | covovax"),
    ("cov-covovax", _CH, "covovax (novavax formulation)"),
    ("cov-razi", _ICAO, "razi cov pars"),
    ("cov-vaxzevria", _ICAO, (
        "covid-19 vaccine astrazeneca | vaxzevria | "
        "covid-19 vaccine astrazeneca azd1222 | covid-19 vaccine astrazeneca chadox1 ncov-19 | "
        "covid-19 vaccine astrazeneca chadox1-s | astrazeneca-vaxzevria")),
    ("cov-vaxzevria", _VDS, "astrazeneca vaxzevria"),
    ("cov-vaxzevria", _CHECK, "astrazeneca or vaxzevria"),
    ("cov-vaxzevria", _NZ, "azd1222"),
    ("cov-r-covi", _ICAO, "r-covi"),
    ("cov-covishield", _ICAO, (
        "covishield | covishield azd1222 | covishield chadox1 ncov-19 | "
        "covishield chadox1-s | sii-covishield")),
    ("cov-covishield", _EU, "chadox1_ncov-19"),
    ("cov-jcovden", _ICAO, (
        "covid-19 vaccine janssen | ad26.cov 2.s | "
        "johnson & johnson covid-19 vaccine | janssen - ad26.cov 2-s")),
    ("cov-jcovden", _CHECK, "janssen"),
    ("cov-jcovden", _NZ, "ad26.cov2.s | jnj-78436735"),
    ("cov-jcovden", _CDC, "janssen (j&j) covid-19 vaccine"),
    ("cov-jcovden", _EU, "jcovden"),
    ("cov-convidecia", _ICAO, "convidecia | cansino-convidecia | ad5-ncov"),
    ("cov-convidecia", _NZ, "pakvac"),
    ("cov-convidecia", _BE, "convidecia (ad5-ncov)"),
    ("cov-sputnik-v", _ICAO, "gam-covid-vac | gamaleya-gam-covid-vac | sputnik-v | gam-kovid-vak"),
    ("cov-sputnik-v", _CHECK, "sputnik v"),
    ("cov-sputnik-v", _OWN, "sputnik v (gam-covid-vac)"),
    ("cov-sputnik-light", _ICAO, "sputnik-light | gamaleya-sputnik-light"),
    ("cov-sputnik-light", _EU, "sputnik light"),
    ("cov-coronavac", _ICAO, "coronavac | sinovac covid-19 vaccine | picovacc"),
    ("cov-coronavac", _CHECK, "sinovac or coronavac"),
    ("cov-coronavac", _CH, "coronavac_t"),
    ("cov-coronavac", _CDC, "coronavac (sinovac) covid-19 vaccine"),
    ("cov-bbibp-corv", _ICAO, (
        "bbibp-corv | sinopharm bbibp-corv | beijing cnbg - bbibp-corv | "
        "covid-19 vaccine bibp")),
    ("cov-bbibp-corv", _NZ, "covilo | bibp vaccine"),
    ("cov-bbibp-corv", _CH, "bbibp-corv_t"),
    ("cov-bbibp-corv", _CDC, "sinopharm (bibp) covid-19 vaccine"),
    ("cov-bbibp-corv", _CHECK, "bbibp- corv"),
    ("cov-bbibp-corv", _OWN, "bbibp-corv (covilo)"),
    ("cov-kconvac", _ICAO, "kconvac | beijing minhai-kconvac"),
    ("cov-kconvac", _NZ, "minhai covid-19 vaccine"),
    ("cov-covaxin", _ICAO, "covaxin | bharat-covaxin | bbv152"),
    ("cov-covaxin", _EU, "bbv152 a, b, c"),
    ("cov-covaxin", _CH, "covaxin_t"),
    ("cov-covaxin", _CDC, "covaxin (bharat) covid-19 vaccine"),
    ("cov-covivac", _ICAO, "covi-vac | chumakov-covi-vac | covivac"),
    ("cov-covivac", _NZ, "kovivac"),
    ("cov-covivac", _OWN, "covivac (chumakov)"),
    ("cov-hayat-vax", _ICAO, "hayat-vax | julphar-hayat-vax"),
    ("cov-qazvac", _ICAO, "qazvac | ribsp-qazvac | qazcovid-in"),
    ("cov-qazvac", _BE, "kazakhstan ribsp"),
    ("cov-qazvac", _OWN, "qazvac (qazcovid-in)"),
    ("cov-coviran-barekat", _ICAO, "coviran barakat | shifa-coviran barakat"),
    ("cov-coviran-barekat", _NZ, "coviran barekat"),
    ("cov-covidful", _ICAO, "covidful | imb-inactivated | imb-covidful"),
    ("cov-covidful", _OWN, "covidful (imb inactivated)"),
    ("cov-wibp-corv", _ICAO, "sinopharm wibp-corv | wibp-corv | wuhan cnbg-inactivated"),
    ("cov-wibp-corv", _NZ, "sinopharm/wibp covid-19 vaccine"),
    ("cov-corbevax", _CHECK, "corbevax"),
    ("cov-corbevax", _NZ, "becov2d"),
    ("cov-skycovione", _PRESS, "skycovione | skycovion | gbp510"),
    ("cov-bimervax", _EU, "bimervax | covid-19 vaccine hipra"),
    ("cov-sputnik-m", _EU, "sputnik m"),
    ("cov-abdala", _EU, "abdala"),
    ("cov-abdala", _NZ, "cigb-66"),
    ("cov-abdala", _BE, "abadala (cigb-66)"),
    ("cov-abdala", _OWN, "abdala (cigb-66)"),
    ("cov-valneva", _EU, "covid-19 vaccine valneva | vla2001"),
    ("cov-valneva", _OWN, "covid-19 vaccine (inactivated, adjuvanted) valneva"),
    ("cov-vidprevtyn-beta", _EU, "vidprevtyn beta | vidprevtyn"),
    ("cov-covifenz", _EU, "covifenz | covlp"),
    ("cov-covifenz", _OWN, "covifenz (covlp)"),
    ("cov-butantan", _EU, "vacina adsorvida covid-19 (inativada)"),
    ("cov-fiocruz", _EU, "covid-19 (recombinant)"),
    ("cov-fiocruz", _OWN, "covid-19 (recombinant), fiocruz"),
    ("cov-azd2816", _EU, "azd2816"),
    ("cov-cvncov", _EU, "cvncov"),
    ("cov-nvsi-06-08", _EU, "nvsi-06-08 | recombinant sars-cov-2 vaccine (cho cell)"),
    ("cov-ys-sc2-010", _EU, "ys-sc2-010"),
    ("cov-ys-sc2-010", _OWN, "ys-sc2-010 (pika)"),
    ("cov-sctv01c", _EU, "sctv01c"),
    ("cov-noora", _NZ, "noora"),
    ("cov-turkovac", _PRESS, "turkovac"),
    ("cov-sanofi-d614", _OWN, "sanofi-gsk vaccine, d614 (5 or 10 mcg)"),
    ("cov-jiangsu-ps", _OWN, "protein subunit vaccine, jiangsu cdc"),
    ("yf-stamaril", _LIST, "stamaril"),
    ("yf-sinsavac", _LIST, "sinsavac"),
    ("yf-yf-vax", _LIST, "yf-vax"),
    ("topv-biopolio", _LIST, "biopolio"),
    ("bopv-biopolio-b1-3", _LIST, "biopolio b1/3"),
    ("sipv-eupolio-inj", _LIST, "eupolio inj."),
    ("hexavalent-hexasiil", _LIST, "hexasiil"),
    ("hexavalent-hexaxim", _LIST, "hexaxim"),
    ("ipv-imovax-polio", _LIST, "imovax polio"),
    ("ipv-ipv-vaccine-ajv", _LIST, "ipv vaccine ajv"),
    ("ipv-picovax", _LIST, "picovax"),
    ("mopv1-polio-sabin-mono-t1", _LIST, "polio sabin mono t1"),
    ("mopv3-polio-sabin-mono-three-oral", _LIST, "polio sabin mono three (oral)"),
    ("mopv2-polio-sabin-mono-two-oral", _LIST, "polio sabin mono two (oral)"),
    ("bopv-polio-sabin-one-and-three", _LIST, "polio sabin one and three"),
    ("ipv-shanipv", _LIST, "shanipv"),
    ("ipv-ipol", _LIST, "ipol"),
    ("mmr-m-m-r-ii", _LIST, "m-m-r ii"),
    ("mmr-priorix", _LIST, "priorix"),
    ("mmrv-proquad", _LIST, "proquad"),
    ("measles-attenuvax", _LIST, "attenuvax"),
    ("men-menactra", _LIST, "menactra"),
    ("men-menquadfi", _LIST, "menquadfi"),
    ("men-menveo", _LIST, "menveo"),
    ("men-nimenrix", _LIST, "nimenrix"),
    ("men-menfive", _LIST, "menfive"),
    ("men-menafrivac", _LIST, "menafrivac"),
    ("men-menomune", _LIST, "menomune"),
    ("mpox-mva-bn", _LIST, "mva-bn | imvanex | jynneos | imvamune"),
)
# fmt: on
