"""What a check of `doctor` says."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    OK = "ok"
    WARN = "warn"
    FAIL = "fail"


@dataclass(frozen=True)
class Finding:
    """What a check found, and, unless all is well, what to do."""

    check: str
    verdict: Verdict
    found: str
    fix: str = ""
