"""Run by the functions' Python, without this project: `bytecode_reader.py ZIP PLACE`.

Prints, as a JSON list of texts, what that Python would find wrong with the bytecode in the zip.
"""

import importlib.util
import json
import marshal
import sys
import zipfile
from collections.abc import Iterator, Mapping
from types import CodeType

# The flags of PEP 552: by hash of the source, which is never looked at.
UNCHECKED_HASH = 1


def faults(path: str, place: str) -> list[str]:
    with zipfile.ZipFile(path) as zipped:
        files = {name: zipped.read(name) for name in zipped.namelist()}
    found: list[str] = []
    for name in sorted(files):
        if name.endswith(".pyc"):
            found += [f"{name} {fault}" for fault in faults_of(name, files, place)]
        elif name.endswith(".py") and importlib.util.cache_from_source(name) not in files:
            found.append(f"{name} has no bytecode")
    return found


def faults_of(name: str, files: Mapping[str, bytes], place: str) -> Iterator[str]:
    compiled = files[name]
    if compiled[:4] != importlib.util.MAGIC_NUMBER:
        yield "is of another Python"
        return
    if int.from_bytes(compiled[4:8], "little") != UNCHECKED_HASH:
        yield "depends on the date or the text of its source"
    source = source_of(name)
    if "__pycache__/" in name and source not in files:
        yield "has lost its source"
    elif source in files and compiled[8:16] != importlib.util.source_hash(files[source]):
        yield "was compiled from another source"
    body = marshal.loads(compiled[16:])  # noqa: S302 - what was compiled a moment ago
    named = {code.co_filename for code in codes(body)}
    if named != {f"{place}/{source}"}:
        yield f"names files of the machine that packaged it: {sorted(named)[0]}"


def source_of(name: str) -> str:
    if "__pycache__/" not in name:
        return name[:-1]
    folder, _, file = name.rpartition("__pycache__/")
    return folder + file.split(".")[0] + ".py"


def codes(code: CodeType) -> Iterator[CodeType]:
    yield code
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from codes(constant)


if __name__ == "__main__":
    print(json.dumps(faults(sys.argv[1], sys.argv[2])))
