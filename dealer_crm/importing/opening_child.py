"""The process that opens a stranger's workbook: started as a script of its own, with little memory and little time.

A hostile file of 1.4 KB makes the reading library abort its whole process, and small zips unfold to gigabytes; so the
file is opened here, where only this process can die. Stays free of Django and of the rest of the house: it starts fast
and has nothing to steal. Usage: `opening_child.py FILE MEMORY_MB SECONDS`; answers JSON on standard output.

Source: spec `measured.md`, spreadsheets.
"""

import json
import re
import resource
import sys
import zipfile

from defusedxml import ElementTree

_PIECE = 1 << 20
# A cell of a sheet's XML: its attributes, and what stands inside.
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_RESULT = re.compile(rb"<(?:\w+:)?v>(.*?)</(?:\w+:)?v>", re.DOTALL)


def limit(megabytes: int, seconds: int) -> None:
    """Bound this process; what the system does not know (macOS: address space) is left to the parent's clock."""
    for kind, bound in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (bound, bound))
        except (ValueError, OSError):
            continue


def unfold_everything(archive: zipfile.ZipFile) -> None:
    """Unfold every entry once: one that is longer than it claims fails its checksum here, before it is trusted."""
    for entry in archive.infolist():
        with archive.open(entry) as stream:
            while stream.read(_PIECE):
                pass


def sheet_files(archive: zipfile.ZipFile) -> dict[str, str]:
    """Sheet name → name of its XML entry."""
    rels = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {rel.get("Id"): rel.get("Target", "") for rel in rels}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    found = {}
    # Whatever the namespaces are called: "strict" workbooks have others than the usual ones.
    for sheet in book.findall(".//{*}sheet"):
        relation = next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")
        target = targets.get(relation, "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in archive.namelist():
            found[sheet.get("name")] = path
    return found


def broken_cells(xml: bytes) -> list[tuple[int, int, str]]:
    """(row, column from 0, error) of cells that end in an error or hold a formula without its result.

    The reading library gives both as empty cells, which would lose a figure in silence.
    """
    if b't="e"' not in xml and b"<f" not in xml and b":f" not in xml:
        return []
    found = []
    for attributes, inside in _CELL.findall(xml):
        is_error = b't="e"' in attributes
        if not is_error and (b"<f" not in inside and b":f>" not in inside and b":f " not in inside):
            continue
        place = _PLACE.search(attributes)
        if not place:
            continue
        result = _RESULT.search(inside)
        if is_error:
            found.append((int(place[2]), column_index(place[1].decode()), result[1].decode() if result else "#VALUE!"))
        elif (not result or not result[1]) and b't="str"' not in attributes:
            found.append((int(place[2]), column_index(place[1].decode()), ""))
    return found


def column_index(letters: str) -> int:
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def main(path: str, megabytes: str, seconds: str) -> None:
    limit(int(megabytes), int(seconds))
    # Imported only now: the libraries too have to live within the bounds.
    import python_calamine

    with zipfile.ZipFile(path) as archive:
        unfold_everything(archive)
        files = sheet_files(archive)
        book = python_calamine.load_workbook(path)
        sheets = []
        for name in book.sheet_names:
            if name not in files:
                continue  # chart sheets and the like
            sheet = book.get_sheet_by_name(name)
            first = sheet.start or (0, 0)
            broken = broken_cells(archive.read(files[name]))
            sheets.append(
                {"name": name, "first": first, "rows": sheet.to_python(skip_empty_area=True), "broken": broken}
            )
    json.dump(sheets, sys.stdout, default=_dated, ensure_ascii=True, separators=(",", ":"))


def _dated(value):
    """Dates travel as {"date": "..."}; the kind tells the reader what the cell was."""
    kind = type(value).__name__
    return {kind: value.total_seconds() if kind == "timedelta" else value.isoformat()}


if __name__ == "__main__":
    main(*sys.argv[1:])
