"""Takes the section headers away: headless.py FROM TO (ELF64, little-endian)."""
import struct
import sys

data = bytearray(open(sys.argv[1], "rb").read())
start = struct.unpack_from("<Q", data, 40)[0]
struct.pack_into("<Q", data, 40, 0)
struct.pack_into("<HHH", data, 58, 64, 0, 0)
open(sys.argv[2], "wb").write(data[:start])
