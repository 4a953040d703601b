"""Writes a small core: core.py TO. 32-bit x86, one segment of notes and one of memory."""
import struct
import sys


def note(owner, kind, content):
    padded = lambda text: text + bytes(-len(text) % 4)
    owner += b"\0"
    return struct.pack("<III", len(owner), len(content), kind) + padded(owner) + padded(content)


files = struct.pack("<8I", 2, 4096, 0x8048000, 0x8049000, 0, 0xf7000000, 0xf7002000, 3)
notes = b"".join([
    note(b"CORE", 1, bytes(144)),
    note(b"CORE", 3, bytes(124)),
    note(b"CORE", 0x53494749, bytes(128)),
    note(b"CORE", 6, struct.pack("<4I", 6, 4096, 0, 0)),
    note(b"CORE", 0x46494c45, files + b"/bin/program\0/lib/a library\0"),
    note(b"LINUX", 0x200, bytes(range(16))),
    note(b"LINUX", 0x46e62b7f, b"regs"),
    note(b"LINUX", 0x404, b"\7\0\0\0"),
    note(b"GNU", 3, bytes.fromhex("00112233445566778899")),
    note(b"FreeBSD", 8, b"proc"),
    note(b"OpenBSD", 20, b"regs"),
    note(b"AMDGPU", 32, b"\x80"),
    note(b"Unknown", 0x777, b""),
])
memory = b"memory of the program, which is gone"
start = 52 + 2 * 32
header = b"\x7fELF\1\1\1" + bytes(9) + struct.pack(
    "<HHIIIIIHHHHHH", 4, 3, 1, 0, 52, 0, 0, 52, 32, 2, 0, 0, 0)
segments = struct.pack("<8I", 4, start, 0, 0, len(notes), 0, 0, 4)
segments += struct.pack(
    "<8I", 1, start + len(notes), 0xf7000000, 0, len(memory), 4096, 6, 4096)
open(sys.argv[1], "wb").write(header + segments + notes + memory)
