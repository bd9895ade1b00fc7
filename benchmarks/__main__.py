"""``make bench``: every ratio beside its goal, all measured in this one run."""

import json
import multiprocessing
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks import revocation, rules
from benchmarks.material import Sample, production_root, samples, specimen_store
from benchmarks.measure import Row, ratio_of
from fixtures.cases import DEMO
from fixtures.keys import curve_key
from trustlists import TrustStore, import_sources
from verifier import Verifier

_SECONDS = 2.0


def _one_thread(store: TrustStore, items: Sequence[Sample]) -> Row:
    verifier = Verifier(trust=store)
    ratio, bare = ratio_of(
        items, lambda sample: verifier.verify(sample.text, at=DEMO), Sample.verify_bare
    )
    note = f"{len(items)} certificates, bare ES256 {bare:.0f} us"
    return Row("one thread, scan to verdict", ratio, 1.40, 1.60, note)


# Families that have goals of their own: folder of specimens, what is counted, goal, bound.
_FAMILIES = (
    ("smart_health_card", "SMART Health Card", 1.80, 2.00),
    ("nz_covid_pass", "NZ COVID Pass", 1.40, 1.60),
)


def _one_thread_family(
    store: TrustStore, family: str, title: str, goal: float, bound: float
) -> Row:
    verifier = Verifier(trust=store)
    items = samples(store, family=family)
    ratio, _ = ratio_of(
        items, lambda sample: verifier.verify(sample.text, at=DEMO), Sample.verify_bare
    )
    return Row(f"one thread, {title}", ratio, goal, bound, f"{len(items)} documents")


def _seals(store: TrustStore, items: Sequence[Sample]) -> Row:
    """Verify health seals, whose signers' chains held before."""
    verifier = Verifier(trust=store)
    ratio, bare = ratio_of(
        items, lambda sample: verifier.verify(sample.text, at=DEMO), Sample.verify_bare
    )
    note = f"{len(items)} seals below four authorities, bare ES256 {bare:.0f} us"
    return Row("health seal, scan to verdict", ratio, 3.00, 3.00, note)


def _two_processes(store: TrustStore, items: Sequence[Sample]) -> Row:
    """Compare rates: documents through ``verify_many``, against bare verifications."""
    count = max(10_000 // len(items), 1)
    batch = [sample.text for sample in items] * count
    ratios = []
    for _ in range(5):
        bare = _rate(lambda: _bare_in_two(items, count), len(batch))
        verifier = Verifier(trust=store)
        ours = _rate(
            lambda verifier=verifier: list(verifier.verify_many(batch, processes=2, at=DEMO)),
            len(batch),
        )
        ratios.append(ours / bare)
    note = f"{len(batch)} documents, start of the processes included"
    return Row("two processes, rate to bare", max(ratios), 0.65, 0.50, note, higher_is_better=True)


def _rate(work: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    work()
    return count / (time.perf_counter() - start)


def _bare_in_two(items: Sequence[Sample], count: int) -> None:
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=_bare, args=(items, count // 2)) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()


def _bare(items: Sequence[Sample], count: int) -> None:
    for _ in range(count):
        for sample in items:
            sample.verify_bare()


def _cold_start(path: Path, text: str) -> Row:
    command = Path(sys.executable).with_name("pratique")
    environment = {**os.environ, "PRATIQUE_STORE": str(path)}
    verify = [str(command), "verify", "--json", "--at", DEMO.isoformat(), "-"]
    bare = [sys.executable, "-c", "pass"]
    ratios, base = [], []
    for _ in range(40):
        before = _seconds(bare, environment, b"")
        after = _seconds(verify, environment, text.encode())
        ratios.append(after / before)
        base.append(before)
    note = f"bare Python {statistics.median(base) * 1e3:.0f} ms; median of 40 pairs"
    return Row("cold start of `pratique verify`", statistics.median(ratios), 5.0, 6.0, note)


def _seconds(command: list[str], environment: dict[str, str], scan: bytes) -> float:
    start = time.perf_counter()
    result = subprocess.run(command, input=scan, env=environment, capture_output=True, check=False)
    took = time.perf_counter() - start
    if result.returncode:
        sys.exit(f"{command[0]} ended with {result.returncode}: {result.stderr.decode()}")
    return took


def _store_of_a_thousand(folder: Path) -> Row:
    """Open a store of 1,000 keys and find one, against reading one key from a file."""
    keys = folder / "keys"
    keys.mkdir()
    entries = ",".join(_jwk(number) for number in range(1_000))
    (keys / "thousand.json").write_text(f'{{"keys": [{entries}]}}')
    path = folder / "thousand.sqlite"
    import_sources(path, [keys], now=int(DEMO.timestamp()), environment="specimen")
    one = folder / "one.key"
    one.write_bytes(bytes(91))
    kid = _kid(500)

    def open_and_find(_: None) -> object:
        with TrustStore.open(path) as store:
            return store.find(kid)[0].spki

    ratio, bare = ratio_of([None], open_and_find, lambda _: one.read_bytes(), rounds=2_000)
    note = f"reading a file {bare:.0f} us"
    return Row("store of 1,000 keys: open, find one", ratio, 3, 10, note)


def _import_of_who(folder: Path) -> Row | None:
    """Import WHO's production root, against parsing its JSON; None where the data are not."""
    source = production_root()
    if source is None:
        return None
    data = source.read_bytes()

    def imported(_: None) -> object:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            return import_sources(Path(place) / "who.sqlite", [source], now=int(DEMO.timestamp()))

    ratio, bare = ratio_of([None], imported, lambda _: json.loads(data), rounds=60)
    note = f"{len(data)} bytes, 501 keys; parsing {bare:.0f} us; proof and all certificates read"
    return Row("import of WHO's production root", ratio, 10, 10, note)


def _revocation(folder: Path) -> Row:
    """Look hashes up among many, against among 10**4; both are hashed, and nothing else counts."""
    many = int(os.environ.get("REVOKED", "") or 1_000_000)
    few, most = revocation.measure(folder, 10_000, many)
    listed = most.listed / few.listed
    note = f"a listed one {listed:.2f}; {most}"
    name = f"look-up among {many:.0e}, to among 1e+04"
    return Row(name, most.absent / few.absent, 1.5, 3, note)


def _with_revocation(path: Path, items: Sequence[Sample], folder: Path) -> Row:
    """Verify with a list of withdrawn certificates and without one; the bound is the difference."""
    listing = folder / "listing.sqlite"
    shutil.copy(path, listing)
    with TrustStore.open(path) as store:
        plain = Verifier(trust=store)
        dccs = [item for item in items if plain.verify(item.text, at=DEMO).format == "eu-dcc"]
        keys = [stored.key for stored in store.keys(country="XS") if "eu-dcc" in stored.key.schemes]
        kids = sorted({key.kid for key in keys})
        source = revocation.hashes_of(range(100_000))
        anchor = revocation.write_set(folder / "listing", source, country="XS", kids=kids)
        import_sources(
            listing, [folder / "listing"], now=revocation.NOW, anchors=[anchor],
            environment="specimen",
        )  # fmt: skip
        with TrustStore.open(listing) as second:
            asking = Verifier(trust=second)
            for item in dccs:
                assert asking.verify(item.text, at=DEMO).findings[-1].code == "REV-000"  # noqa: S101 - a benchmark of nothing would be quick
            pairs = [
                [
                    ratio_of(
                        dccs,
                        lambda sample, by=by: by.verify(sample.text, at=DEMO),
                        Sample.verify_bare,
                        rounds=60,
                    )[0]
                    for by in (plain, asking)
                ]
                for _ in range(5)
            ]
    without, with_list = (statistics.median(side) for side in zip(*pairs, strict=True))
    note = f"{with_list:.3f} against {without:.3f}, one hash a certificate, every key listed"
    return Row("what a look-up adds to one thread", with_list - without, 0.05, 0.05, note)


def _rules() -> list[Row]:
    """Judge by the rules of each country; without Node say that it is not measured."""
    try:
        return rules.rows()
    except rules.NotMeasuredError as reason:
        print(f"rules against certlogic-js are not measured: {reason}")
        return []


def _kid(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _jwk(number: int) -> str:
    from base64 import b64encode, urlsafe_b64encode  # noqa: PLC0415 - preparation

    point = curve_key(f"bench-{number}").pointQ
    x, y = (
        urlsafe_b64encode(int(part).to_bytes(32, "big")).rstrip(b"=").decode()
        for part in (point.x, point.y)
    )
    kid = b64encode(_kid(number)).decode()
    return f'{{"kty": "EC", "crv": "P-256", "kid": "{kid}", "x": "{x}", "y": "{y}"}}'


def main() -> int:
    """Print the table; the exit status is 1 when a ratio is out of its bound."""
    rows = []
    with specimen_store() as path, TrustStore.open(path) as store:
        items = samples(store)
        rows.append(_one_thread(store, items))
        rows += [_one_thread_family(store, *family) for family in _FAMILIES]
        rows.append(_seals(store, samples(store, family="vds_nc")))
        rows.append(_two_processes(store, items))
        rows.append(_cold_start(path, items[0].text))
    with tempfile.TemporaryDirectory() as folder:
        rows.append(_store_of_a_thousand(Path(folder)))
        rows.extend(filter(None, [_import_of_who(Path(folder))]))
    with tempfile.TemporaryDirectory() as folder:
        rows.append(_revocation(Path(folder)))
        with specimen_store() as path, TrustStore.open(path) as store:
            rows.append(_with_revocation(path, samples(store), Path(folder)))
    rows += _rules()
    print(f"{'':36} {'ratio':>6} {'goal':>6} {'bound':>6}")
    for row in rows:
        print(f"{row.name:36} {row.ratio:6.2f} {row.goal:6.2f} {row.bound:6.2f}  {row.verdict}")
        print(f"    {row.note}")
    return int(any(row.verdict == "OUT OF BOUND" for row in rows))


if __name__ == "__main__":
    sys.exit(main())
