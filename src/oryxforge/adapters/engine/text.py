"""The encoding of a text file, and its UTF-8 form for DuckDB."""

import codecs
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from oryxforge.adapters.engine.place import Place
from oryxforge.adapters.engine.work import Stop
from oryxforge.domain.errors import Invalid

BLOCK = 1 << 22
UTF8 = ("utf-8", "utf-8-sig")
GUESS_BYTES = 1 << 16
SAMPLE_BYTES = 1 << 20
BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
LATIN = ("cp1252", "cp1250")
OTHER_SCRIPTS = [
    "cp1251",
    "cp1253",
    "cp1255",
    "cp1256",
    "koi8_r",
    "shift_jis",
    "euc_jp",
    "gb18030",
    "big5",
    "euc_kr",
]
OTHER_SCRIPT_SHARE = 0.6
NOT_FOR_FILES = frozenset({"unicode_escape", "raw_unicode_escape", "unicode-escape", "raw-unicode-escape", "idna",
                           "punycode", "rot13", "undefined", "mbcs", "oem"})  # fmt: skip
WORDS = re.compile(rb"[A-Za-z\x80-\xff]{2,}")
CONTROLS = frozenset(range(32)) - {9, 10, 11, 12, 13, 27, 28, 29, 30, 31, 1, 2, 3}


def known_encoding(name: str) -> str:
    """The canonical name of an encoding. Raises Invalid for one that Python does not have."""
    try:
        known = codecs.lookup(name)
        if known.name in NOT_FOR_FILES:
            raise LookupError(name)
        # Python also has codecs from bytes to bytes, such as base64, which this refuses.
        b"aaaa".decode(name)
        return known.name
    except (LookupError, ValueError) as error:
        raise Invalid(
            f"There is no encoding named `{name}`. Common ones are utf-8, cp1252, latin-1, utf-16, shift_jis.",
            code="encoding_unknown",
        ) from error


def encoding_of(path: Path) -> str:
    """The encoding of a file by its first bytes. Raises Invalid where they are no text."""
    with path.open("rb") as file:
        sample = file.read(SAMPLE_BYTES)
        return detect_encoding(sample, not file.read(1))


def detect_encoding(sample: bytes, whole: bool) -> str:
    """The encoding of a file by its first bytes. Raises Invalid where they are no text."""
    for bom, name in BOMS:
        if sample.startswith(bom):
            return name
    wide = _utf16_without_mark(sample)
    if wide is not None:
        return wide
    if _is_binary(sample, whole):
        raise Invalid(
            "This is no text file: it holds binary data. Upload a CSV, Excel (xlsx, xls) or Parquet file.",
            code="file_not_text",
        )
    return "utf-8" if is_utf8(sample, whole) else guess_encoding(sample)


def is_utf8(sample: bytes, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def guess_encoding(sample: bytes) -> str:
    """The likeliest encoding of bytes that are not UTF-8; cp1252 where nothing else reads better."""
    telling = b"\n".join(line for line in sample.splitlines() if not line.isascii())[:GUESS_BYTES]
    words = b"".join(word for word in WORDS.findall(telling) if not word.isascii())
    if sum(byte > 127 for byte in words) > len(words) * OTHER_SCRIPT_SHARE:
        from charset_normalizer import from_bytes

        best = from_bytes(telling, cp_isolation=OTHER_SCRIPTS).best()
        if best is not None:
            return best.encoding
    likeliest = min(LATIN, key=lambda encoding: _strange_signs(words, encoding))
    return likeliest if _decodes(sample, likeliest) else "latin-1"


def _strange_signs(words: bytes, encoding: str) -> int:
    """How many signs inside words are no letters."""
    return sum(not c.isalpha() for c in words.decode(encoding, errors="replace"))


@contextmanager
def as_utf8(place: Place, path: Path, encoding: str, stop: Stop) -> Generator[Path]:
    """A path of the same text in UTF-8: the file itself where it is, else a temporary copy."""
    if encoding in UTF8:
        yield path
        return
    with place.scratch() as copy:
        try:
            with (
                path.open("r", encoding=encoding, newline="") as source,
                copy.open("w", encoding="utf-8", newline="") as target,
            ):
                while block := source.read(BLOCK):
                    stop.check()
                    target.write(block)
        except UnicodeError as error:
            raise wrong_encoding(encoding, encoding_of(path)) from error
        yield copy


def decoded(content: bytes, encoding: str, *, whole: bool, chosen: bool) -> str:
    """The text of a file's first bytes; a letter that is cut off at their end is left out. Raises Invalid."""
    # UTF-8 that was found may turn out to be something else further on: the import then reads the file again.
    errors = "replace" if encoding in UTF8 and not chosen else "strict"
    try:
        text = codecs.getincrementaldecoder(encoding)(errors).decode(content, final=whole)
    except UnicodeError as error:
        raise wrong_encoding(encoding, detect_encoding(content, whole)) from error
    return text.removeprefix("\ufeff")


def wrong_encoding(encoding: str, likely: str) -> Invalid:
    """What is said of an encoding that does not fit a file, with the one that its letters look like."""
    instead = (
        "Choose another encoding, or leave it to be found."
        if likely == encoding
        else f"Its letters look like {_spelled(likely)}: choose that, or leave the encoding to be found."
    )
    return Invalid(f"The file is not {_spelled(encoding)} all through. {instead}", code="encoding_wrong")


def _spelled(encoding: str) -> str:
    """An encoding as people know it: Windows-1252, UTF-8."""
    windows = encoding.startswith("cp125")
    return f"Windows-{encoding[2:]}" if windows else encoding.removesuffix("-sig").upper().replace("_", "-")


def first_bad_block(path: Path, stop: Stop) -> bytes | None:
    """The block of a file in which it stops being UTF-8; None where all of it is."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            stop.check()
            try:
                decoder.decode(block)
            except UnicodeDecodeError as error:
                start = max(0, error.start - GUESS_BYTES // 2)
                return block[start : error.start + GUESS_BYTES // 2]
    return None


def _utf16_without_mark(sample: bytes) -> str | None:
    head = sample[:4096]
    if len(head) < 4:
        return None
    half = len(head) // 2
    if head[1::2].count(0) > half * 0.7 and head[0::2].count(0) < half * 0.1:
        return "utf-16-le"
    if head[0::2].count(0) > half * 0.7 and head[1::2].count(0) < half * 0.1:
        return "utf-16-be"
    return None


def _is_binary(sample: bytes, whole: bool) -> bool:
    controls = sum(sample.count(bytes([c])) for c in CONTROLS)
    # A few stray ones stand in texts, but other encodings than UTF-8 never have them beside their letters.
    return controls > max(2, len(sample) // 200) or (controls > 0 and not is_utf8(sample, whole))


def _decodes(sample: bytes, encoding: str) -> bool:
    try:
        sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
