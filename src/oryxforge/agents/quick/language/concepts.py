"""Words that mean nearly the same, and what kind of number a word stands for. All are stems (see `spelling`)."""

from oryxforge.agents.quick.language.spelling import stems, word_set

SYNONYMS: tuple[frozenset[str], ...] = tuple(
    word_set(line)
    for line in (
        "revenue sale amount turnover value takings spend spent spending",
        "salary pay wage earning income compensation earn",
        "cost expense spend spent spending expenditure",
        "quantity unit volume",
        "customer client buyer shopper consumer",
        "employee staff worker personnel colleague",
        "product item article good sku",
        "country nation",
        "region area territory zone",
        "city town municipality",
        "gender sex",
        "department team division",
        "category class segment type kind",
        "rating score star",
        "rainfall rain precipitation",
        "job title role position occupation profession",
        "profit gain",
        "weight mass",
        "distance mileage",
        "duration length",
        "supplier vendor seller",
        "store shop branch outlet",
        "discount rebate",
        "price fare cost",
        "date day time",
    )
)
_CONCEPTS = {
    word: frozenset(at for at, group in enumerate(SYNONYMS) if word in group)
    for words in SYNONYMS
    for word in words
}
IDENTIFYING = word_set(
    "id code zip postcode zipcode key uuid guid phone telephone index year number no sku isbn iban ssn month day "
    "hour week quarter rank latitude longitude weekday"
)
INTENSIVE = word_set(
    "age price rate ratio percent share score rating temperature humidity height weight speed salary wage "
    "mean average median index discount bmi pressure density margin grade gpa star level size width length depth "
    "thickness latitude longitude elevation altitude tenure experience wind probability satisfaction duration fare "
    "mpg horsepower acceleration ph per capita percap life expectancy cylinder bedroom bathroom condition displacement"
)
ADJECTIVES: dict[str, tuple[str, ...]] = {
    "expensive": ("price", "fare", "cost"), "costly": ("cost", "price"), "cheap": ("price", "fare", "cost"),
    "new": ("date", "created", "year"),
    "old": ("age", "birthdate", "date", "created"), "young": ("age", "birthdate"), "tall": ("height",), "heavy": ("weight", "mass"),
    "light": ("weight", "mass"), "warm": ("temperature",), "hot": ("temperature",), "cold": ("temperature",),
    "wet": ("rain", "rainfall", "precipitation"), "windy": ("wind",), "fast": ("speed",), "slow": ("speed",),
    "popular": (), "populous": ("population",), "profitable": ("profit", "margin"), "long": ("length", "duration"),
    "short": ("length", "duration", "height"), "rich": ("income", "salary", "wealth", "gdp"), "humid": ("humidity",),
    "experienced": ("experience", "tenure"), "paid": ("salary", "pay", "wage"), "rated": ("rating", "score"),
}  # fmt: skip
# For "who": columns that hold a person's name.
PERSONAL = (
    "name",
    "employee",
    "customer",
    "person",
    "client",
    "student",
    "player",
    "author",
    "seller",
    "manager",
)
COUNTABLE = word_set("quantity unit volume visit click view item piece passenger hour day")


def names_things(column: str) -> bool:
    """Whether a column's numbers name something: an id, a code, a year."""
    words = stems(column)
    return bool(words) and words[-1] in IDENTIFYING


def concepts_of(word: str) -> frozenset[int]:
    """The groups of words that mean nearly the same, each by its number."""
    return _CONCEPTS.get(word, frozenset())
