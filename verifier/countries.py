"""Countries as documents, keys and lists write them, brought to ISO 3166-1 alpha-2 in one place."""

from typing import Final

_LETTERS: Final = 2
_LONG: Final = 3

# ISO 3166-1, alpha-3 and alpha-2 of each country in one word. Lists of the WHO
# and DIVOC documents use three letters, documents of the DCC family two.
_ISO: Final = """
    ABWAW AFGAF AGOAO AIAAI ALAAX ALBAL ANDAD AREAE ARGAR ARMAM ASMAS ATAAQ ATFTF ATGAG AUSAU
    AUTAT AZEAZ BDIBI BELBE BENBJ BESBQ BFABF BGDBD BGRBG BHRBH BHSBS BIHBA BLMBL BLRBY BLZBZ
    BMUBM BOLBO BRABR BRBBB BRNBN BTNBT BVTBV BWABW CAFCF CANCA CCKCC CHECH CHLCL CHNCN CIVCI
    CMRCM CODCD COGCG COKCK COLCO COMKM CPVCV CRICR CUBCU CUWCW CXRCX CYMKY CYPCY CZECZ DEUDE
    DJIDJ DMADM DNKDK DOMDO DZADZ ECUEC EGYEG ERIER ESHEH ESPES ESTEE ETHET FINFI FJIFJ FLKFK
    FRAFR FROFO FSMFM GABGA GBRGB GEOGE GGYGG GHAGH GIBGI GINGN GLPGP GMBGM GNBGW GNQGQ GRCGR
    GRDGD GRLGL GTMGT GUFGF GUMGU GUYGY HKGHK HMDHM HNDHN HRVHR HTIHT HUNHU IDNID IMNIM INDIN
    IOTIO IRLIE IRNIR IRQIQ ISLIS ISRIL ITAIT JAMJM JEYJE JORJO JPNJP KAZKZ KENKE KGZKG KHMKH
    KIRKI KNAKN KORKR KWTKW LAOLA LBNLB LBRLR LBYLY LCALC LIELI LKALK LSOLS LTULT LUXLU LVALV
    MACMO MAFMF MARMA MCOMC MDAMD MDGMG MDVMV MEXMX MHLMH MKDMK MLIML MLTMT MMRMM MNEME MNGMN
    MNPMP MOZMZ MRTMR MSRMS MTQMQ MUSMU MWIMW MYSMY MYTYT NAMNA NCLNC NERNE NFKNF NGANG NICNI
    NIUNU NLDNL NORNO NPLNP NRUNR NZLNZ OMNOM PAKPK PANPA PCNPN PERPE PHLPH PLWPW PNGPG POLPL
    PRIPR PRKKP PRTPT PRYPY PSEPS PYFPF QATQA REURE ROURO RUSRU RWARW SAUSA SDNSD SENSN SGPSG
    SGSGS SHNSH SJMSJ SLBSB SLESL SLVSV SMRSM SOMSO SPMPM SRBRS SSDSS STPST SURSR SVKSK SVNSI
    SWESE SWZSZ SXMSX SYCSC SYRSY TCATC TCDTD TGOTG THATH TJKTJ TKLTK TKMTM TLSTL TONTO TTOTT
    TUNTN TURTR TUVTV TWNTW TZATZ UGAUG UKRUA UMIUM URYUY USAUS UZBUZ VATVA VCTVC VENVE VGBVG
    VIRVI VNMVN VUTVU WLFWF WSMWS YEMYE ZAFZA ZMBZM ZWEZW
"""

_ALPHA_2_OF: Final = {word[:_LONG]: word[_LONG:] for word in _ISO.split()} | {"XKX": "XK"}

# Participants of the WHO network that are no countries (gdhcn-trust notes, 6). Their two letters
# are those that their documents carry as the issuer.
_PARTICIPANTS: Final = {
    "IOM": "IO",
    "WHO": "WH",
    "XCL": "XL",
    "XML": "XM",
    "XYK": "YK",
    "XJA": "JA",
}
_VIRTUAL: Final = "XX"  # then a letter: XXA is XA, and so on to XXY

# What travel documents and their authorities write where ISO 3166-1 has no code or another one
# (Doc 9303-3, section 5; icao-trust notes, 6): unions, the United Nations, Kosovo, the state of
# ICAO's examples.
_OF_TRAVEL: Final = {
    "D": "DE", "EUE": "EU", "UNO": "UN", "UNA": "UN", "UNK": "XK", "RKS": "XK", "KS": "XK",
    "UTO": "UT",
}  # fmt: skip

# Two habits of the European Union that are not ISO codes, and two user-assigned codes that
# certificates of test environments and some authorities use for "none".
_AS_ISO: Final = {"EL": "GR", "UK": "GB", "XX": "", "ZZ": ""}

_CAPITALS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

# Any two of them; nearly every text is one of these, and needs nothing done to it.
_USUAL: Final = (
    frozenset(first + second for first in _CAPITALS for second in _CAPITALS) - _AS_ISO.keys()
)

# Territories whose documents are signed with the keys of another country's authority, as seen in
# acceptance data (Crown Dependencies, Gibraltar) and in the notes of the Dutch verifier.
_SIGNS_FOR: Final = {
    "AW": "NL", "BQ": "NL", "CW": "NL", "SX": "NL",
    "GG": "GB", "GI": "GB", "IM": "GB", "JE": "GB",
}  # fmt: skip


def alpha_2(text: str) -> str:
    """Give the two capital letters of a country, or nothing when the text is not of that form.

    Three letters are ISO 3166-1 alpha-3 or a participant of the WHO network.
    """
    if text in _USUAL:
        return text
    if len(text) != _LETTERS:
        text = text.strip()
    if not (text.isascii() and text.isalpha()):
        return ""
    if not text.isupper():
        text = text.upper()
    if len(text) == _LONG:
        return _from_alpha_3(text)
    return _AS_ISO.get(text, text) if len(text) == _LETTERS else ""


def state_of(code: str) -> str:
    """Give the two letters of a state that a travel document or its authority names.

    Empty for what stands for no state. Nothing is read as "none" and nothing as another state's:
    who is bound to a state is bound to this one.
    """
    code = code.strip().upper()
    if code in _OF_TRAVEL:
        return _OF_TRAVEL[code]
    if len(code) == _LONG:
        return _ALPHA_2_OF.get(code, "")
    two = len(code) == _LETTERS and code.isascii() and code.isalpha()
    return _AS_ISO.get(code) or code if two else ""


def is_alpha_3(text: str) -> bool:
    """Tell whether a text is the code of a country or participant in three capital letters."""
    return len(text) == _LONG and text.isascii() and text.isupper() and bool(_from_alpha_3(text))


def is_test_nation(code: str) -> bool:
    """Tell whether a participant of the WHO network is a nation that does not exist.

    Such codes start with X and are no ISO country (gdhcn-trust notes, 6). No alpha-3 code of ISO
    3166-1 starts with X; of the two-letter ones only Kosovo's XK stands for a country.
    """
    return code.upper().startswith("X") and code.upper() not in {"XK", "XKX"}


def _from_alpha_3(code: str) -> str:
    if code.startswith(_VIRTUAL):
        return "X" + code[-1] if code != "XXX" else ""
    return _PARTICIPANTS.get(code) or _ALPHA_2_OF.get(code, "")


def agree(document: str, key: str) -> bool:
    """Tell whether a document of one country may be signed with a key of another.

    Both are ``alpha_2`` codes; where either does not say, nothing contradicts. Known territories
    agree with the country that signs for them; every other difference is for a person to judge.
    """
    if document == key or not document or not key:
        return True
    return _SIGNS_FOR.get(document) == key
