"""A mutation fuzzer: specimens in, changed at every layer, verdicts watched.

    PYTHONPATH=.:tests python tests/hostile/fuzz.py --inputs 500000

Every input follows from the seed, its block and its place in the block, whatever the number of
processes. Watched for: an exception that escapes, a stage that was surprised (INT-000), a document
believed whose signed bytes nobody signed, more than 50 ms, more than 32 MiB. One line at the end
says what was found, and the exit status is 1 if anything was.
"""

import argparse
import gc
import multiprocessing
import random
import resource
import statistics
import struct
import sys
import time
import tracemalloc
import zlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Protocol

import base45
import cbor2
from Crypto.Hash import SHA256
from Crypto.PublicKey import ECC, RSA
from Crypto.Signature import DSS, pss
from hostile.fuzz_credentials import CredentialMutator
from hostile.fuzz_seals import SealMutator
from support import credentials, seals
from support.envelopes import TIDIED, Parts, cose_in, parts_of, stream_in, text_of
from support.specimens import cases, hcert_signers, memory_keys

from fixtures.cbor import Open, Pairs, Raw, Tag, Wide, encode
from fixtures.keys import sign
from fixtures.world import Signer, exempting, listed, of_who
from verifier import Disclosure, Outcome, Reason, Verdict, Verifier
from verifier.inspection import inspect
from verifier.trust import KeySource

BLOCK = 1_000
MOST_SECONDS = 0.050
SUSPICIOUS_SECONDS = 0.010  # timed again: it may have been the machine
MOST_BYTES = 32 * 1024 * 1024
TRACED_EVERY = 100  # tracing makes everything slower, so that only some inputs are traced
EVEN = 0.5  # an even chance
RARE = 0.1
MOSTLY = 0.7

INSPECTED_EVERY = 20  # inspecting verifies once more

BELIEVED = {Outcome.AUTHENTIC, Outcome.MEETS_RULES}
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
ODD_CHARACTERS = "abc\r\n\t\0\ufeff\u00e9\u2028\ud800\U0001f600\x7f?,_"
PREFIXES = ("HC1:", "AT1:", "HC2:", "NO1:", "LT1:", "hc1:", "HL0:", "HC1", "", "shc:/", "HC1:HC1:")

# Heads, breaks, tags and numbers that a reader of CBOR may stumble over.
DANGEROUS = (
    b"\x00", b"\x17", b"\x18", b"\x1b", b"\x1f", b"\x20", b"\x3b", b"\x40", b"\x5b", b"\x5f",
    b"\x60", b"\x7f", b"\x80", b"\x9b", b"\x9f", b"\xa0", b"\xbb", b"\xbf", b"\xc0", b"\xc1",
    b"\xc2", b"\xd2", b"\xd8\x1c", b"\xd8\x1d\x00", b"\xd9\x01\x00", b"\xf4", b"\xf6", b"\xf7",
    b"\xf8\x20", b"\xf9\x7e\x00", b"\xfb\x7f\xf0\0\0\0\0\0\0", b"\xff", b"\x18\x00",
    b"\x1b\xff\xff\xff\xff\xff\xff\xff\xff", b"\x9a\xff\xff\xff\xff", b"\x81" * 17,
)  # fmt: skip

VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, -2, 23, 24, 42, 255, 256, 2**31, 2**32, 2**53, 2**63, 2**64 - 1,
    -(2**64), 253_402_300_799, 253_402_300_800, 0.0, -0.0, 0.5, 1e300, float("nan"), float("inf"),
    "", " ", "\0", "XS", "1980-05-17", "1980-13", "1963-xx", "2026-11-02T08:00:00Z", "9" * 200,
    "XM0N24", "YellowFeverProductd8a09f80301dc05e124f99ffe7711fc0", "9999-12-31", 1_757_271_643_804,
    Tag(100, 20_746), Tag(100, 2**63), Tag(1004, "2026-10-20"), {"code": "RA01"},
    "\u0661", "x" * 1_001, "\u202e", b"", b"\0" * 8, b"\xff" * 65, [], {}, [[]], [{}], {1: {}},
    [None], Raw(b"\xf7"), Raw(b"\xff"), Raw(b""), Raw(b"\x18\x01"), Raw(b"\xf9\x3c\x00"),
    Raw(b"\x61\xff"), Tag(0, "2026-11-02T08:00:00Z"), Tag(0, 5), Tag(1, 5), Tag(1, Tag(1, 5)),
    Tag(2, b"\1"), Tag(18, []), Tag(61, {}), Tag(28, [0]), Tag(999, "x"), Wide(5), Open([]),
    Open({}), Raw(b"\x81" * 20 + b"\0"), Raw(b"\x80" * 3),
)  # fmt: skip

Chance = random.Random


class Seed(NamedTuple):
    """A specimen, taken apart as far as it goes."""

    text: str
    instant: datetime
    stream: bytes
    cose: bytes
    parts: Parts | None
    tree: Any


class Input(NamedTuple):
    """One input and the instant to judge it for."""

    kind: str
    document: str | bytes
    instant: datetime
    name: str = ""


class Found(NamedTuple):
    """What became of some inputs."""

    inputs: int
    violations: list[str]
    outcomes: Counter[str]
    codes: Counter[str]
    slowest: float
    slowest_input: str
    most_bytes: int
    growth: int


def _attempt(take_apart: Callable[[str], Any], text: str) -> Any:
    try:
        return take_apart(text)
    except Exception:  # noqa: BLE001 - many specimens are broken on purpose
        return None


def read_seeds() -> list[Seed]:
    """Take every specimen apart."""
    seeds = []
    for case in cases():
        if isinstance(case.scan, bytes):
            continue  # what codes of bytes hold is taken apart by the file of its family
        parts = _attempt(parts_of, case.text)
        tree = None if parts is None else _attempt(lambda _, p=parts: cbor2.loads(p.payload), "")
        seeds.append(
            Seed(
                case.text,
                case.instant,
                _attempt(stream_in, case.text) or b"",
                _attempt(cose_in, case.text) or b"",
                parts,
                tree if isinstance(tree, dict) else None,
            )
        )
    return seeds


# Changes to bytes and texts.
def _changed_bytes(data: bytes, chance: Chance, others: list[bytes]) -> bytes:
    whole = bytearray(data)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 8))):
        place = chance.randrange(len(whole) + 1)
        match chance.randrange(9):
            case 0 | 1 if place < len(whole):
                whole[place] ^= 1 << chance.randrange(8)
            case 2 if place < len(whole):
                whole[place] = chance.randrange(256)
            case 3:
                whole.insert(place, chance.randrange(256))
            case 4:
                del whole[place : place + chance.choice((1, 1, 2, 9, 40))]
            case 5:
                whole[place:place] = chance.choice(DANGEROUS)
            case 6:
                whole[place : place + 1] = chance.choice(DANGEROUS)
            case 7:
                piece = whole[place : place + chance.randrange(1, 60)]
                whole[place:place] = piece * chance.choice((1, 1, 2, 30))
            case _:
                other = chance.choice(others)
                start = chance.randrange(len(other) + 1)
                whole[place : place + 20] = other[start : start + chance.randrange(1, 80)]
    return bytes(whole)


def _changed_text(text: str, chance: Chance, others: list[str]) -> str:
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        place = chance.randrange(len(text) + 1)
        match chance.randrange(9):
            case 0 | 1:
                text = text[:place] + chance.choice(ALPHABET) + text[place + 1 :]
            case 2:
                text = text[:place] + text[place + chance.choice((1, 2, 3, 30)) :]
            case 3:
                text = text[:place] + chance.choice(ALPHABET + ODD_CHARACTERS) + text[place:]
            case 4:
                text = text[:place]
            case 5:
                text = chance.choice(PREFIXES) + text[4:]
            case 6:
                text = text[:place] + chance.choice(others)[place:]
            case 7:
                text = text + text[place:]
            case _:
                text = chance.choice(
                    (text.lower(), text.strip(), f" {text} ", f"{text}\r\n", text[::-1])
                )
    return text


# Changes to trees: values as the specimen issuer writes them.
def _places(tree: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield from _places(value, (*path, key))
    elif isinstance(tree, list):
        for place, value in enumerate(tree):
            yield from _places(value, (*path, place))


def _with(tree: Any, path: tuple[Any, ...], change: Callable[[Any], Any]) -> Any:
    if not path:
        return change(tree)
    key, *rest = path
    inner = _with(tree[key], tuple(rest), change)
    if isinstance(tree, dict):
        return {**tree, key: inner}
    return [*tree[:key], inner, *tree[key + 1 :]]


def _plain(tree: Any) -> Any:
    """Turn what cbor2 reads into what the specimen issuer writes."""
    if isinstance(tree, dict):
        return {key: _plain(value) for key, value in tree.items()}
    if isinstance(tree, list | tuple):
        return [_plain(value) for value in tree]
    if isinstance(tree, cbor2.CBORTag):
        return Tag(tree.tag, _plain(tree.value))
    if tree is None or isinstance(tree, bool | int | float | str | bytes):
        return tree
    return Raw(cbor2.dumps(tree))


def _odd_map(value: dict[Any, Any], chance: Chance) -> Any:
    pairs = list(value.items())
    match chance.randrange(5):
        case 0 if pairs:
            pairs.remove(chance.choice(pairs))
            return dict(pairs)
        case 1:
            return Pairs([*pairs, chance.choice(pairs) if pairs else (1, 1)])
        case 2:
            chance.shuffle(pairs)
            return dict(pairs)
        case 3:
            return Open(value)
        case _:
            key = chance.choice((
                1, 2, 3, 4, 5, -6, -7, -260, "-6", "-260", "x", "v", "t", "r", "ve", "vx", "dt",
                "vle", "certificate", "vaccination", "test", "vaccine",
            ))  # fmt: skip
            return {**value, key: chance.choice(VALUES)}


def _odd_list(value: list[Any], chance: Chance) -> Any:
    if chance.random() < EVEN:
        return Open(value)
    return value * chance.choice((0, 2, 3)) + [chance.choice(VALUES)]


def _odd_text(value: str, chance: Chance) -> str:
    place = chance.randrange(len(value) + 1)
    return value[:place] + chance.choice("09-:TZ+.xX <\0é\u0661") + value[place + 1 :]


def _odd_number(value: float, chance: Chance) -> Any:
    match chance.randrange(3):
        case 0 if isinstance(value, int) and value >= 0:
            return Wide(value)
        case 1 if isinstance(value, int):
            other = value + chance.choice((-1, 1, 2**32, -(2**32)))
            return max(-(2**64), min(2**64 - 1, other))
        case _:
            return Raw(b"\xfa" + struct.pack(">f", max(-3e38, min(value, 3e38))))


def _odd(value: Any, chance: Chance) -> Any:
    """Change a value into another one of its kind, or of none."""
    changes = {
        dict: _odd_map,
        list: _odd_list,
        str: _odd_text,
        int: _odd_number,
        float: _odd_number,
    }
    match chance.randrange(6):
        case 0:
            return Tag(chance.choice((0, 1, 2, 18, 24, 61, 258, 2**32)), value)
        case 1:
            return [value]
        case 2 | 3 | 4 if type(value) in changes:
            return changes[type(value)](value, chance)
        case _:
            return chance.choice(VALUES)


def _changed_tree(tree: Any, chance: Chance) -> bytes:
    tree = _plain(tree)
    for _ in range(chance.choice((1, 1, 1, 2, 4))):
        places = [path for path in _places(tree) if path] or [()]
        tree = _with(tree, chance.choice(places), lambda value: _odd(value, chance))
    written = encode(tree)
    return _changed_bytes(written, chance, [written]) if chance.random() < RARE else written


def _scan(maker: Callable[[Chance], Any]) -> Callable[[Chance], Input]:
    """Make an input of what another family's file makes."""

    def made(chance: Chance) -> Input:
        kind, text, instant = maker(chance)
        return Input(kind, text, instant)

    return made


def made_by_one_of(
    makers: Sequence[tuple[int, Callable[[Chance], Input]]], chance: Chance
) -> Input:
    """Let one of the makers make an input, each as often as its weight says."""
    ((_, maker),) = chance.choices(makers, [weight for weight, _ in makers])
    return maker(chance)


class Mutator:
    """Makes inputs from the specimens."""

    def __init__(self) -> None:
        self._seeds = read_seeds()
        self._texts = [seed.text for seed in self._seeds]
        self._whole = [seed for seed in self._seeds if seed.parts and seed.tree]
        self._coses = [seed.cose for seed in self._seeds if seed.cose]
        self._streams = [seed.stream for seed in self._seeds if seed.stream]
        wanted = (
            "all-uses",
            "vaccination-only",
            "test-only-slipped",
            "short-lived",
            "retired",
            "neighbour",
        )
        self._signers = [listed()[name] for name in wanted]
        self._signers += exempting().values()
        self._signers += [signer for who in of_who().values() for signer in who.values()]
        self._by_kid = {signer.kid: signer for signer in hcert_signers()}
        self._makers: tuple[tuple[int, Callable[[Chance], Input]], ...] = (
            (15, self._text_level),
            (12, self._stream_level),
            (20, self._cose_level),
            (18, self._tree_unsigned),
            (20, self._tree_signed),
            (10, self._headers),
            (5, self._payload_bytes_signed),
            *((5, _scan(maker)) for maker in SealMutator().makers),
            *((6, _scan(maker)) for maker in CredentialMutator().makers),
        )

    def make(self, chance: Chance) -> Input:
        """Make one input."""
        return made_by_one_of(self._makers, chance)

    def _text_level(self, chance: Chance) -> Input:
        seed = chance.choice(self._seeds)
        text = _changed_text(seed.text, chance, self._texts)
        as_bytes = chance.random() < RARE
        document = (
            _changed_bytes(text.encode("utf-8", "replace"), chance, [b"HC1:"]) if as_bytes else text
        )
        return Input("text", document, seed.instant)

    def _stream_level(self, chance: Chance) -> Input:
        seed = chance.choice([seed for seed in self._seeds if seed.stream])
        stream = _changed_bytes(seed.stream, chance, self._streams)
        prefix = seed.text.strip(TIDIED)[:4]
        return Input("stream", prefix + base45.b45encode(stream).decode(), seed.instant)

    def _cose_level(self, chance: Chance) -> Input:
        seed = chance.choice([seed for seed in self._seeds if seed.cose])
        cose = _changed_bytes(seed.cose, chance, self._coses)
        return Input("envelope", text_of(cose, seed.text.strip(TIDIED)[:4]), seed.instant)

    def _tree_unsigned(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        payload = _changed_tree(seed.tree, chance)
        return Input("claims unsigned", parts._replace(payload=payload).text, seed.instant)

    def _tree_signed(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        payload = _changed_tree(seed.tree, chance)
        return self._signed("claims signed", parts._replace(payload=payload), seed, chance)

    def _payload_bytes_signed(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        payload = _changed_bytes(parts.payload, chance, self._coses)
        return self._signed("claim bytes signed", parts._replace(payload=payload), seed, chance)

    def _headers(self, chance: Chance) -> Input:
        seed, parts = self._any_whole(chance)
        signer = chance.choice(self._signers)
        usual = {1: -7, 4: signer.kid}
        protected, unprotected = (
            (dict(usual), {}) if chance.random() < MOSTLY else ({}, dict(usual))
        )
        written = [
            _changed_tree(header, chance) if chance.random() < MOSTLY else encode(header)
            for header in (protected, unprotected)
        ]
        changed = parts._replace(protected=written[0], unprotected=written[1])
        if chance.random() < EVEN:
            return Input("headers unsigned", changed.text, seed.instant)
        changed = changed._replace(signature=sign(signer.key, changed.signed))
        return Input("headers signed", changed.text, seed.instant)

    def _signer_of(self, seed: Seed) -> Signer:
        """Give the curve key that signed a specimen, else one that may sign all of the EU's."""
        assert seed.parts
        named = _attempt(lambda _: cbor2.loads(seed.parts.protected)[4], "")
        found = self._by_kid.get(named) if isinstance(named, bytes) else None
        curve = found is not None and isinstance(found.key, ECC.EccKey)
        return found if curve and found.key.curve == "NIST P-256" else self._signers[0]

    def _any_whole(self, chance: Chance) -> tuple[Seed, Parts]:
        seed = chance.choice(self._whole)
        assert seed.parts
        return seed, seed.parts

    def _signed(self, kind: str, parts: Parts, seed: Seed, chance: Chance) -> Input:
        # Mostly a key that may sign this family, so that what comes after the key is reached.
        own_key = self._signer_of(seed)
        some_key: Signer = chance.choice(self._signers)
        signer = own_key if chance.random() < MOSTLY else some_key
        parts = parts._replace(protected=encode({1: -7, 4: signer.kid}), unprotected=b"\xa0")
        parts = parts._replace(signature=sign(signer.key, parts.signed))
        return Input(kind, parts.text, seed.instant)


def really_signed(document: str | bytes) -> bool:
    """Tell whether a specimen key signed a document, by other libraries than the verifier's."""
    if credentials.is_credential(document):
        return credentials.really_signed(document)
    try:
        text = document.decode() if isinstance(document, bytes) else document
        if text.strip(f"{TIDIED} ").startswith("{"):
            return seals.really_signed(text.strip(TIDIED))
        parts = parts_of(text)
    except (ValueError, zlib.error, cbor2.CBORError, TypeError):
        return False
    digest = SHA256.new(parts.signed)
    return any(
        _holds(signer.key.public_key(), digest, parts.signature) for signer in hcert_signers()
    )


def _holds(key: ECC.EccKey | RSA.RsaKey, digest: SHA256.SHA256Hash, signature: bytes) -> bool:
    is_curve = isinstance(key, ECC.EccKey)
    scheme = DSS.new(key, "fips-186-3") if is_curve else pss.new(key, salt_bytes=32)
    try:
        scheme.verify(digest, signature)
    except ValueError:
        return False
    return True


class Maker(Protocol):
    """Makes inputs of a family of documents."""

    def make(self, chance: Chance) -> Input: ...


class Watch:
    """Verifies inputs and notes what should never be seen.

    ``signed`` tells, by other libraries, whether a specimen key signed a document.
    """

    def __init__(
        self,
        mutator: Maker,
        trust: KeySource | None = None,
        signed: Callable[[str | bytes], bool] | None = None,
    ) -> None:
        self._mutator = mutator
        self._trust = trust or memory_keys()
        self._signed = signed or really_signed
        self._verifier = Verifier(trust=self._trust)
        self.found = Found(0, [], Counter(), Counter(), 0.0, "", 0, 0)

    def one(self, name: str) -> tuple[Input, Verdict]:
        """Make the input of this name again, and judge it."""
        made = self._mutator.make(random.Random(name))  # noqa: S311 - it is to be repeatable
        return made, self._verifier.verify(made.document, at=made.instant)

    def block(self, seed: int, number: int, size: int) -> None:
        """Try the inputs of one block."""
        for place in range(size):
            # The place alone decides, so that one input can be made again by itself.
            name = f"{seed}:{number}:{place}"
            made = self._mutator.make(random.Random(name))._replace(name=name)  # noqa: S311 - repeatable
            faults = [*self._faults(made, traced=place % TRACED_EVERY == 0)]
            if place % INSPECTED_EVERY == 0:
                faults += self._faults_of_inspection(made)
            for fault in faults:
                self.found.violations.append(f"{fault} ({made.kind}, --only {name})")
            self.found = self.found._replace(inputs=self.found.inputs + 1)

    def _faults(self, made: Input, *, traced: bool) -> Iterator[str]:
        begin = time.perf_counter()
        try:
            verdict = self._verifier.verify(made.document, at=made.instant)
        except Exception as error:  # noqa: BLE001 - this is what is looked for
            yield f"escaped: {type(error).__name__}"
            return
        taken = time.perf_counter() - begin
        if taken > SUSPICIOUS_SECONDS:
            taken = self._seconds(made)
        if taken > self.found.slowest:
            self.found = self.found._replace(slowest=taken, slowest_input=made.name)
        if taken > MOST_SECONDS:
            yield f"slow: {taken * 1000:.0f} ms"
        self.found.outcomes[verdict.outcome.value] += 1
        self.found.codes.update(finding.code.value for finding in verdict.findings)
        if any(finding.code is Reason.UNFORESEEN for finding in verdict.findings):
            yield "surprised: INT-000"
        if verdict.outcome in BELIEVED and not self._signed(made.document):
            yield "believed what nobody signed"
        yield from self._oddities(verdict)
        if traced:
            most = self._bytes(made)
            self.found = self.found._replace(most_bytes=max(self.found.most_bytes, most))
            if most > MOST_BYTES:
                yield f"large: {most / 2**20:.0f} MiB"

    def _faults_of_inspection(self, made: Input) -> Iterator[str]:
        for disclosure in (Disclosure.NONE, Disclosure.CLINICAL):
            try:
                inspect(made.document, trust=self._trust, at=made.instant, disclosure=disclosure)
            except Exception as error:  # noqa: BLE001 - this is what is looked for
                yield f"escaped: {type(error).__name__} from inspect"

    def _seconds(self, made: Input) -> float:
        """Time it again: the machine may have been busy with something else."""
        taken = []
        for _ in range(5):
            gc.collect()
            begin = time.perf_counter()
            self._verifier.verify(made.document, at=made.instant)
            taken.append(time.perf_counter() - begin)
        return statistics.median(taken)

    def _bytes(self, made: Input) -> int:
        tracemalloc.start()
        try:
            self._verifier.verify(made.document, at=made.instant)
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    @staticmethod
    def _oddities(verdict: Verdict) -> Iterator[str]:
        if not verdict.findings:
            yield "no findings"
        shown = verdict.outcome in BELIEVED or verdict.outcome is Outcome.REFER
        if verdict.discloses_holder and not shown:
            yield "a holder shown after a failure"


Job = tuple[Callable[[], Watch], int, list[tuple[int, int]]]


def watch_hcert() -> Watch:
    """Watch what is made of the EU's certificates and their relatives."""
    return Watch(Mutator())


def _run(job: Job) -> Found:
    """Try some blocks in this process."""
    make_watch, seed, blocks = job
    watch = make_watch()
    watch.block(seed, -1, 50)  # whatever is loaded late is loaded now
    watch.found = Found(0, [], Counter(), Counter(), 0.0, "", 0, 0)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number, size in blocks:
        watch.block(seed, number, size)
    growth = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
    return watch.found._replace(growth=growth)


def fuzz(
    inputs: int,
    *,
    seed: int = 1,
    processes: int = 1,
    make_watch: Callable[[], Watch] = watch_hcert,
) -> Found:
    """Try so many inputs of a family and tell what was found."""
    whole, rest = divmod(inputs, BLOCK)
    blocks = [(number, BLOCK) for number in range(whole)] + ([(whole, rest)] if rest else [])
    jobs = [(make_watch, seed, blocks[worker::processes]) for worker in range(processes)]
    if processes == 1:
        results = [_run(jobs[0])]
    else:
        with multiprocessing.get_context("spawn").Pool(processes) as pool:
            results = pool.map(_run, jobs)
    return Found(
        sum(each.inputs for each in results),
        [violation for each in results for violation in each.violations],
        sum((each.outcomes for each in results), Counter()),
        sum((each.codes for each in results), Counter()),
        *max((each.slowest, each.slowest_input) for each in results),
        max(each.most_bytes for each in results),
        max(each.growth for each in results),
    )


def summary(found: Found) -> str:
    """Say in one line what was found."""
    kinds = Counter(
        violation.partition(":")[0].partition(" (")[0] for violation in found.violations
    )
    return (
        f"{found.inputs} inputs: {kinds['escaped']} escaped exceptions, "
        f"{kinds['surprised']} surprised stages, "
        f"{kinds['believed what nobody signed']} false authenticities, "
        f"slowest {found.slowest * 1000:.1f} ms ({found.slowest_input}), "
        f"largest {found.most_bytes / 2**10:.0f} KiB (every {TRACED_EVERY}th traced), "
        f"process grew {found.growth / 2**20:.1f} MiB at most, "
        f"{len(found.codes)} codes seen, "
        f"{len(found.violations)} violations"
    )


def main(
    arguments: list[str] | None = None,
    *,
    about: str | None = __doc__,
    inputs: int = 500_000,
    make_watch: Callable[[], Watch] = watch_hcert,
) -> int:
    """Run from the command line, for one family of documents."""
    parser = argparse.ArgumentParser(
        description=about, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--inputs", type=int, default=inputs)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", metavar="SEED:BLOCK:PLACE", help="show one input and its verdict")
    chosen = parser.parse_args(arguments)
    if chosen.only:
        print(*make_watch().one(chosen.only), sep="\n")  # noqa: T201 - specimens, and changed ones
        return 0
    found = fuzz(chosen.inputs, seed=chosen.seed, processes=chosen.processes, make_watch=make_watch)
    for violation in found.violations[:50]:
        print(violation, file=sys.stderr)  # noqa: T201 - a script
    print(", ".join(f"{count} {name}" for name, count in found.outcomes.most_common()))  # noqa: T201 - a script
    print(summary(found))  # noqa: T201 - a script
    return 1 if found.violations else 0


if __name__ == "__main__":
    sys.exit(main())
