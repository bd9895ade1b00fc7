"""The filter of system calls, run by an interpreter of its own for both architectures."""

import errno
import struct

import pytest

from verifier.sealing import calls
from verifier.sealing.calls import MACHINES, Machine

ALLOW, KILL = 0x7FFF0000, 0x80000000
EPERM, ENOSYS = 0x50000 | errno.EPERM, 0x50000 | errno.ENOSYS
EACH = pytest.mark.parametrize("machine", MACHINES.values(), ids=MACHINES)


def run(
    machine: Machine, number: int, *arguments: int, children: bool = False, audit: int | None = None
) -> int:
    """Run the program as the kernel does (classic BPF, the instructions that it uses)."""
    code = list(struct.iter_unpack("<HBBI", calls.program(machine, children=children)))
    data = struct.pack(
        "<IIQ6Q",
        number,
        machine.audit if audit is None else audit,
        0,
        *(arguments + (0,) * (6 - len(arguments))),
    )
    loaded = at = 0
    while True:
        kind, yes, no, value = code[at]
        at += 1
        if kind == 0x20:
            loaded = int(struct.unpack_from("<I", data, value)[0])
        elif kind == 0x06:
            return int(value)
        else:
            held = {0x15: loaded == value, 0x35: loaded >= value, 0x45: bool(loaded & value)}[kind]
            at += yes if held else no


@EACH
def test_every_listed_call_is_refused(machine: Machine) -> None:
    listed = calls.refused(machine)
    assert len(listed) > 40
    for number in listed.values():
        assert run(machine, number) == run(machine, number, children=True) == EPERM


@EACH
def test_what_a_verification_needs_is_let_through(machine: Machine) -> None:
    # read, write, close, mmap, brk, futex, exit_group, getrandom, by architecture
    needed = ((0, 1, 3, 9, 12, 202, 231, 318), (63, 64, 57, 222, 214, 98, 94, 278))
    for number in needed[machine.column]:
        assert run(machine, number, 2**64 - 1, 2**64 - 1) == ALLOW


@EACH
def test_files_are_opened_for_reading_alone(machine: Machine) -> None:
    openat = calls.openat(machine)
    for flags in (0, 0o2000000, 0o400, 0o200000):
        assert run(machine, openat, 0, 0, flags) == ALLOW
    for flags in (1, 2, 0o100, 0o1000, 0o101, 0o20200000):
        assert run(machine, openat, 0, 0, flags) == EPERM
    if not machine.column:
        assert run(machine, 2, 0, 1) == EPERM
        assert run(machine, 2, 0, 0) == ALLOW


@EACH
def test_threads_are_made_and_processes_only_by_a_parent(machine: Machine) -> None:
    thread, process = 0x10000 | 0xF00, 17
    clone = calls.clone(machine)
    assert run(machine, clone, thread) == ALLOW
    assert run(machine, clone, process) == EPERM
    assert run(machine, clone, process, children=True) == ALLOW
    if not machine.column:
        for fork in (57, 58):
            assert run(machine, fork) == EPERM
            assert run(machine, fork, children=True) == ALLOW


@EACH
def test_calls_that_pass_pointers_are_not_there(machine: Machine) -> None:
    assert run(machine, 435) == run(machine, 437) == ENOSYS


@EACH
def test_a_terminal_is_not_typed_into_and_tracing_is_not_let_in_again(machine: Machine) -> None:
    ioctl, prctl = ((16, 157), (29, 167))[machine.column]
    assert run(machine, ioctl, 0, 0x5412) == run(machine, ioctl, 0, 0x541C) == EPERM
    assert run(machine, ioctl, 0, 0x5413) == ALLOW
    assert run(machine, prctl, 4, 1) == EPERM
    assert run(machine, prctl, 3) == ALLOW


@EACH
def test_calls_of_another_architecture_end_the_process(machine: Machine) -> None:
    assert run(machine, 0, audit=0x40000003) == KILL
    if not machine.column:
        assert run(machine, 0x40000001) == KILL
