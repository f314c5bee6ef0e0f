"""Lets PyTorch start without the CUDA libraries, 3 GB that it never uses on a CPU but is linked with.

Compiles a library of the same name for each, in which every function that PyTorch refers to returns an error. Then PyTorch
finds no GPU. Needs a C compiler and binutils.
"""
import importlib.util
import pathlib
import re
import subprocess
import sys

FOLDER = pathlib.Path(importlib.util.find_spec("torch").origin).parent / "lib"
#: cudaErrorNoDevice
ERROR = 100


def output(*command):
    try:
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout
    except FileNotFoundError:
        sys.exit(f"{command[0]} is missing. Install a C compiler and binutils (Debian: apt-get install gcc binutils).")
    except subprocess.CalledProcessError as error:
        sys.exit(error.stderr)


def versions_by_library(library):
    """The symbol versions that a library needs from others: `{"libcudart.so.13": {"libcudart.so.13"}}`."""
    versions, other = {}, None
    for file, version in re.findall(r"File: (\S+)|Name: (\S+) +Flags", output("readelf", "-V", "-W", library)):
        other = file or other
        if version and other:
            versions.setdefault(other, set()).add(version)
    return versions


libraries = [path for path in FOLDER.glob("*.so*")] if sys.platform == "linux" else []
needed, undefined, defined, versions = set(), set(), set(), {}
for library in libraries:
    needed.update(re.findall(r"\(NEEDED\).*\[(lib(?:cu|nccl|nv)\S+)\]", output("readelf", "-d", library)))
    for kind, symbol in re.findall(r" ([A-Za-z]) (\S+)$", output("nm", "-D", "--with-symbol-versions", library), re.M):
        (undefined if kind in "Uw" else defined).add(symbol.replace("@@", "@"))
    for other, names in versions_by_library(library).items():
        versions.setdefault(other, set()).update(names)
own = {symbol.split("@")[0] for symbol in defined}
unversioned = {symbol for symbol in undefined if re.match(r"cu|nccl|nv|__cuda", symbol) and "@" not in symbol} - own

for name in needed - {path.name for path in libraries}:
    script, functions = "", set()
    for version in versions.get(name, ()):
        symbols = {symbol.split("@")[0] for symbol in undefined if symbol.endswith(f"@{version}")}
        script += f"{version} {{ global: {' '.join(f'{symbol};' for symbol in symbols)} }};\n"
        functions |= symbols
    functions |= unversioned
    source, map_file = FOLDER / "stand-in.c", FOLDER / "stand-in.map"
    source.write_text("".join(f"int {function}(void) {{ return {ERROR}; }}\n" for function in functions))
    map_file.write_text(script or "{ global: *; };")
    flags = ["-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{name}", f"-Wl,--version-script={map_file}"]
    output("cc", *flags, "-o", FOLDER / name, source)
