#!/usr/bin/python3
"""Makes the modules of Docs/Lies.md from the other fixtures. Needs binutils (objcopy)."""
import os
import subprocess
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.dirname(HERE)


def module(name):
    return os.path.join(FIXTURES, name, name + ".ko")


def objcopy(source, name, *options):
    subprocess.run(["objcopy", *options, module(source), os.path.join(HERE, name)], check=True)


def strings(source):
    """The strings of a module's .modinfo."""
    with tempfile.NamedTemporaryFile() as out:
        subprocess.run(["objcopy", "-O", "binary", "--only-section=.modinfo", module(source), out.name],
                       check=True)
        return [s for s in open(out.name, "rb").read().split(b"\0") if s]


def with_strings(source, name, change):
    with tempfile.NamedTemporaryFile() as section:
        section.write(b"\0".join(change(strings(source))) + b"\0")
        section.flush()
        objcopy(source, name, f"--update-section=.modinfo={section.name}")


def replaced(key, *values):
    """Puts `values` where the first string with this key was."""
    def change(old):
        place = next(i for i, s in enumerate(old) if s.startswith(key + b"="))
        return old[:place] + list(values) + old[place + 1:]
    return change


with_strings("hello", "newline.ko", replaced(b"description", b"description=harmless\nsigner:         Debian Secure Boot CA"))
with_strings("hello", "license_order.ko", replaced(b"license", b"license=Proprietary", b"license=GPL"))
with_strings("hello", "names.ko", replaced(b"name", b"name=ext4"))
with_strings("hello", "vermagic_twice.ko", lambda old: old + [b"vermagic=9.9.9 SMP "])
with_strings("hello", "param_type.ko", replaced(b"parmtype", b"parmtype=name:int"))
with_strings("hello", "intree_no.ko", lambda old: old + [b"intree=N"])
objcopy("hello", "not_loaded.ko", "--set-section-flags=.modinfo=contents,readonly")
objcopy("hello", "two_modinfo.ko", "--rename-section=.comment=.modinfo")
signed = open(module("hello-signed"), "rb").read()
place = signed.index(b"World")
open(os.path.join(HERE, "tampered.ko"), "wb").write(signed[:place] + b"Wurst" + signed[place + 5:])
open(os.path.join(HERE, "after_signature.ko"), "wb").write(signed + b"\n")
