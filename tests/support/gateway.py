"""States of the DCC gateway: their certificates, and what the gateway's anchor says of them."""

from typing import Any

from support.certificates import CA, certificate, ec_key, name
from support.dcc_lists import cms, gateway_entry

TA_NAME = name(country="EU", common="Trust anchor of nobody")
TA = certificate(ec_key("ta"), subject=TA_NAME, issuer=TA_NAME)


class State:
    """A state with its three certificates and its signer."""

    def __init__(self, country: str) -> None:
        self.country = country
        self.csca_name = name(country=country, common="CSCA of nobody")
        self.up_name = name(country=country, common="UPLOAD of nobody")
        self.csca = certificate(ec_key(f"csca {country}"), subject=self.csca_name, extensions=[CA])
        self.up = certificate(ec_key(f"up {country}"), subject=self.up_name)
        self.dsc = certificate(
            ec_key(f"dsc {country}"),
            signer=ec_key(f"csca {country}"),
            subject=name(country=country, common="DSC of nobody"),
            issuer=self.csca_name,
        )

    def by_anchor(self, kind: str, der: bytes, **how: Any) -> dict[str, Any]:
        parts = {"key": ec_key("ta"), "signer": TA, "issuer": TA_NAME, **how}
        return gateway_entry(kind, der, self.country, cms(der, **parts))

    def signer(self, der: bytes | None = None, **how: Any) -> dict[str, Any]:
        der = self.dsc if der is None else der
        key = ec_key(f"up {self.country}")
        parts = {"key": key, "signer": self.up, "issuer": self.up_name, **how}
        return gateway_entry("DSC", der, self.country, cms(der, **parts))

    def entries(self) -> list[dict[str, Any]]:
        return [
            self.by_anchor("CSCA", self.csca),
            self.by_anchor("UPLOAD", self.up),
            self.signer(),
        ]
