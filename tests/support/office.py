"""An office that makes bundles, and the stores that it puts into them, for tests of the air gap."""

import json
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from Crypto.PublicKey import ECC
from Crypto.Signature import eddsa
from support.certificates import certificate, ec_key, name, pem, stored_in

from trustlists import TrustStore, import_sources
from trustlists.airgap import BundleMade, KeyPair, make_bundle, new_key, new_root

NOW = int(time.time())  # the framework asks this machine's clock what has expired
DAY = 86_400


class Office:
    """Keys by name, one folder of roots, one store for each edition."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        self.roots = folder / "roots"
        self.keys: dict[str, KeyPair] = {}

    def key(self, who: str) -> KeyPair:
        if who not in self.keys:
            self.keys[who] = new_key(self.folder / who)
        return self.keys[who]

    def public(self, names: Sequence[str]) -> list[Path]:
        return [self.key(each).public for each in names]

    def private(self, names: Sequence[str]) -> list[Path]:
        return [self.key(each).private for each in names]

    def root(self, keys: str = "a", signers: str = "", **how: Any) -> Path:
        """Write the next root; one letter is one key."""
        made = new_root(
            self.roots,
            root_keys=self.public(keys),
            bundle_keys=self.public(how.pop("bundle_keys", "")),
            signers=self.private(signers or keys),
            now=how.pop("now", NOW),
            **how,
        )
        return made.path

    def store(self, *countries: str) -> Path:
        """Make a store with one key for each country."""
        path = self.folder / f"{'-'.join(countries)}.sqlite"
        if not path.exists():
            keys = self.folder / "keys.pem"
            ders = [certificate(ec_key("k"), subject=name(country=each)) for each in countries]
            keys.write_text("".join(map(pem, ders)))
            import_sources(path, [keys], now=NOW - DAY)
        return path

    def bundle(
        self, *countries: str, at: int = NOW, signers: str = "a", days: int = 30
    ) -> BundleMade:
        """Make a bundle of such a store."""
        return make_bundle(
            self.store(*countries),
            self.folder / f"{at}.bundle",
            roots=self.roots,
            signers=self.private(signers),
            days=days,
            now=at,
        )


def countries_in(store: Path) -> set[str]:
    with TrustStore.open(store) as opened:
        return {each.key.country for each in stored_in(opened)}


def canonical(content: object) -> bytes:
    """Write JSON as the framework signs it; enough for texts without control characters."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


class ForeignOffice:
    """Signs roots and bundles with other code than the one that verifies them."""

    def __init__(self) -> None:
        self.key = ECC.construct(curve="Ed25519", seed=bytes(range(32)))

    def root(self) -> bytes:
        role = {"keyids": ["one"], "threshold": 1}
        raw = self.key.public_key().export_key(format="raw").hex()
        key = {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": raw}}
        return self.signed(
            {
                "_type": "root",
                "version": 1,
                "consistent_snapshot": False,
                "keys": {"one": key},
                "roles": dict.fromkeys(("root", "timestamp", "snapshot", "targets"), role),
            }
        )

    def signed(self, content: Mapping[str, object]) -> bytes:
        whole = {"spec_version": "1.0.31", "expires": "2999-01-01T00:00:00Z", **content}
        signature = eddsa.new(self.key, "rfc8032").sign(canonical(whole)).hex()
        return canonical({"signed": whole, "signatures": [{"keyid": "one", "sig": signature}]})
