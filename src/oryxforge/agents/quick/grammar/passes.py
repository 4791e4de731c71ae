"""The passes over a question, in order: each reads what it knows and leaves the rest to the next."""

from oryxforge.agents.quick.grammar.absent import read_absent
from oryxforge.agents.quick.grammar.comparisons import read_comparisons
from oryxforge.agents.quick.grammar.draft import Draft, Line
from oryxforge.agents.quick.grammar.filters import read_truths, read_values
from oryxforge.agents.quick.grammar.groups import read_groups
from oryxforge.agents.quick.grammar.leftovers import read_intents, read_leftovers, read_nouns, read_verb
from oryxforge.agents.quick.grammar.measures import read_measures
from oryxforge.agents.quick.grammar.named import read_missing, read_named_values, read_numbered
from oryxforge.agents.quick.grammar.percents import read_portions
from oryxforge.agents.quick.grammar.periods import read_periods
from oryxforge.agents.quick.grammar.superlatives import read_sorting, read_superlatives
from oryxforge.agents.quick.grammar.unread import check

PASSES = (
    read_portions,
    read_absent,
    read_missing,
    read_comparisons,
    read_named_values,
    read_numbered,
    read_values,
    read_truths,
    read_periods,
    read_superlatives,
    read_sorting,
    read_groups,
    read_measures,
    read_intents,
    read_verb,
    read_nouns,
    read_leftovers,
    check,
)


def read_all(line: Line, draft: Draft) -> None:
    for read in PASSES:
        read(line, draft)
