"""How words of a question and names of columns are made alike: case, accents, plurals, abbreviations, typing slips."""

import re
import unicodedata
from functools import lru_cache

WORD = re.compile(r"[^\W\d_]+|\d+")
CAMEL = re.compile(r"(?<=[a-zß-ÿ0-9])(?=[A-ZÀ-Þ])|(?<=[A-Z])(?=[A-Z][a-z])")
PLURAL_LETTERS = re.compile(r"[A-Z]{2,}s")
IRREGULAR = {
    "people": "person", "persons": "person", "men": "man", "women": "woman", "children": "child",
    "indices": "index", "analyses": "analysis", "criteria": "criterion", "species": "species",
    "series": "series", "ids": "id", "news": "news", "gas": "gas", "bus": "bus", "buses": "bus", "statuses": "status",
}  # fmt: skip
SHORT = {
    "qty": "quantity", "amt": "amount", "dept": "department", "avg": "average", "temp": "temperature",
    "pct": "percent", "perc": "percent", "percentage": "percent", "num": "number", "nr": "number",
    "yr": "year", "cust": "customer", "prod": "product", "emp": "employee", "addr": "address",
    "pop": "population", "hrs": "hour", "mins": "minute", "secs": "second", "desc": "description",
    "mgr": "manager", "acct": "account", "cat": "category", "ctry": "country", "lat": "latitude",
    "lon": "longitude", "lng": "longitude", "dob": "birthdate", "cnt": "count", "ht": "height", "wt": "weight",
}  # fmt: skip
ENDINGS = ("ations", "ation", "ings", "ing", "als", "al", "ors", "or", "ed")


def word_set(text: str) -> frozenset[str]:
    return frozenset(text.split())


def fold(text: str) -> str:
    """Lower case, without accents and width variants."""
    spread = unicodedata.normalize("NFKD", text)
    return "".join(c for c in spread if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The singular of a folded word, its abbreviation written out."""
    if word in SHORT:
        return SHORT[word]
    if word in IRREGULAR:
        return IRREGULAR[word]
    one = _singular(word)
    # `movie` and `movies` alike, as `country` and `countries`.
    one = f"{one[:-2]}y" if one.endswith("ie") and len(one) > 4 else one
    return SHORT.get(one, one)


def _singular(word: str) -> str:
    if len(word) < 4 or not word.endswith("s") or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes", "zzes")):
        return word[:-2]
    return word[:-1]


def many(words: str) -> str:
    """English words, the last of them in the plural: `order status` to `order statuses`."""
    last = words.rpartition(" ")[2]
    if words in IRREGULAR or stem(last) != last:
        return words
    if last.endswith("y") and last[-2:-1] not in ("", *"aeiou"):
        return words[:-1] + "ies"
    return words + ("es" if last.endswith(("s", "x", "z", "ch", "sh")) else "s")


def parts(text: str) -> list[str]:
    """Cut where camel case cuts it, but not `IDs`."""
    return [text] if PLURAL_LETTERS.fullmatch(text) else CAMEL.split(text)


@lru_cache(maxsize=20_000)
def atoms(name: str) -> tuple[str, ...]:
    """The folded words of a name: `unitPrice`, `unit_price` and `Unit price (EUR)` begin alike."""
    return tuple(fold(w) for word in WORD.findall(name) for w in parts(word))


@lru_cache(maxsize=20_000)
def stems(name: str) -> tuple[str, ...]:
    return tuple(stem(a) for a in atoms(name))


def root(word: str) -> str:
    """The word without a verb's ending, where enough is left of it: survived, survival, survivors."""
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 5:
            return word[: -len(ending)]
    return word


def slip(typed: str, meant: str) -> bool:
    """Whether `typed` is `meant` with a slip of the keyboard: one in short words, two in long ones."""
    if min(len(typed), len(meant)) < 4 or typed[0] != meant[0] or abs(len(typed) - len(meant)) > 2:
        return False
    wrong = distance(typed, meant)
    if len(meant) >= 8:
        return 0 < wrong <= 2
    replaced = len(typed) == len(meant) and sorted(typed) != sorted(meant)
    return wrong == 1 and not (replaced and len(meant) < 7)


def distance(a: str, b: str) -> int:
    """Letters to insert, drop, replace or swap with their neighbour to get from one word to the other."""
    before: list[int] = []
    last = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        row = [i]
        for j, right in enumerate(b, 1):
            best = min(row[j - 1] + 1, last[j] + 1, last[j - 1] + (left != right))
            if i > 1 and j > 1 and left == b[j - 2] and a[i - 2] == right:
                best = min(best, before[j - 2] + 1)
            row.append(best)
        before, last = last, row
    return last[-1]
