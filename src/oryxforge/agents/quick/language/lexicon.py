"""The words of a question that say what to do with the data, as phrases of folded words."""

from enum import StrEnum

from oryxforge.agents.quick.language.spelling import word_set


class Role(StrEnum):
    """What an item of a question is."""

    AGGREGATE = "aggregate"
    SUPERLATIVE = "superlative"
    BY = "by"
    WHICH = "which"
    COMPARISON = "comparison"
    NOT = "not"
    INTENT = "intent"
    GRAIN = "grain"
    SORT = "sort"
    DIRECTION = "direction"
    CHART = "chart"
    AND = "and"
    OR = "or"
    BE = "be"
    HAVE = "have"
    WITH = "with"
    IN = "in"
    STOP = "stop"
    COLUMN = "column"
    VALUE = "value"
    SHEET = "sheet"
    NUMBER = "number"
    PERIOD = "period"
    QUOTED = "quoted"
    WORD = "word"


_PHRASES: dict[Role, dict[str, str]] = {
    Role.AGGREGATE: {
        "sum": "how much, sum, sums, sum of, total, totals, total of, sum up, combined, altogether, in total, total sum, "
        "total sum of, add up, summed",
        "mean": "average, averages, avg, mean, means, average of, mean of, on average, typical, averaged, "
        "average value of, mean value of, mean value, average value",
        "median": "median, medians, median of, median value, median value of",
        "min": "minimum, min, minimum of, min of, smallest value of, lowest value of, minimum value, earliest, "
        "minimum value of",
        "max": "maximum, max, maximum of, max of, largest value of, highest value of, maximum value, latest, "
        "most recent, maximum value of",
        "count": "count, counts, how many, number of, count of, numbers of, how often, how many times, no of, "
        "total number of, the number of, counted, frequency of, how many of, headcount, number of different rows",
        "distinct": "distinct, unique, different, distinct count, distinct count of, number of distinct, "
        "number of different, number of unique, how many different, how many distinct, how many unique, "
        "unique count, unique count of, count distinct, count of distinct, count of unique, distinct values of, "
        "unique values of, distinct values in, unique values in, how many unique values of, number of unique values of, "
        "how many distinct values of, number of distinct values of, number of unique values in, cardinality of",
        "std": "standard deviation, std, stdev, stddev, std dev, standard deviation of, standard deviations of, "
        "std of, standard deviations",
        "var": "variance, variance of, var",
        "mode": "mode, mode of, most common, most frequent, commonest, most common value of, most frequent value of, "
        "most commonly used, most common value, most frequently occurring",
        "range": "range, range of",
        "skew": "skewness, skewness of, skew, skewed",
        "kurtosis": "kurtosis, kurtosis of",
        "q1": "first quartile, first quartile of, lower quartile, lower quartile of, 25th percentile, 25th percentile of",
        "q3": "third quartile, third quartile of, upper quartile, upper quartile of, 75th percentile, 75th percentile of",
        "quantile": "percentile, percentile of, quantile, quantile of, percentiles, percentiles of",
        "rate": "rate",
    },
    Role.SUPERLATIVE: {
        "most": "most, highest, largest, biggest, greatest, top, best, strongest, maximal, leading",
        "head": "first, top most",
        "tail": "last, latest few",
        "least": "least, lowest, smallest, fewest, worst, bottom, weakest, minimal, poorest",
    },
    Role.BY: {
        "by": "by, per, for each, for every, in each, in every, each, every, across, grouped by, group by, "
        "broken down by, breakdown by, split by, according to, within each, depending on, for different, "
        "for the different, by each, by every, across all, across different, across the different, of each, "
        "broken out by, categorized by, categorised by, from each, for all, at each, on each, segmented by, "
        "among different, within every, across each, over each, on the basis of, based on, with each, "
        "for each of, over different, separately for each, separately for",
    },
    Role.WHICH: {
        "which": "which, what, what is the, what are the, which is the, which are the, what was the, what were the",
        "who": "who, whom, whose",
        "when": "when, on which date, on what date, on which day, on what day",
        "where": "where",
    },
    Role.COMPARISON: {
        ">": "more than, greater than, over, above, exceeding, higher than, larger than, bigger than, >, exceeds, "
        "exceed, longer than, warmer than, hotter than, no less than or equal, better than, strictly greater than, "
        "bought for more than",
        ">=": "at least, no less than, not less than, >=, ≥, minimum of at least, or more than, greater than or equal to, "
        "from at least, not below, more than or equal to, equal to or greater than, equal or greater than",
        "<": "less than, under, below, fewer than, lower than, smaller than, <, shorter than, cooler than, colder than, "
        "worse than",
        "<=": "at most, no more than, not more than, up to, <=, ≤, less than or equal to, not above, maximum of at most, "
        "equal to or less than",
        "=": "equals, equal to, =, ==, exactly, is equal to, equal, is exactly, set to",
        "!=": "not equal to, !=, <>, ≠, different from, other than, is different from",
        "between": "between, in between, ranging from, range from",
        "contains": "containing, contains, contain, that contain, with the word, including the word, that contains, "
        "includes the word, includes the text, like",
        "starts": "starting with, starts with, start with, beginning with, begins with, begin with, that start with",
        "named": "named, called, with name, with the name, whose name is, name is",
        "ends": "ending with, ends with, end with, ending in, that end with, ends in",
        "post>=": "or more, or higher, or above, or greater, or over, or larger, or older, or later, and above, and over, "
        "and more, and higher, and up, or better",
        "post<=": "or less, or lower, or below, or fewer, or under, or smaller, or younger, and below, and under, and less",
        "old>": "older than, aged over, over the age of, above the age of",
        "old<": "younger than, aged under, under the age of, below the age of",
        "costs>": "more expensive than, pricier than, costing more than, that cost more than",
        "costs<": "cheaper than, less expensive than, costing less than, that cost less than",
        "heavy>": "heavier than",
        "heavy<": "lighter than",
        "tall>": "taller than",
    },
    Role.NOT: {
        "not": "not, except, except for, without, excluding, exclude, but not, isn't, aren't, wasn't, weren't, don't, "
        "doesn't, didn't, is not, are not, was not, were not, leaving out, apart from, do not, does not, did not, "
        "have not, has not, not in, not from, other than in, but without, ignoring, never, no, that are not, "
        "who are not, that is not, non, aside from, all but",
    },
    Role.INTENT: {
        "share": "share, shares, share of, percent, percentage, percentages, percentage of, percent of, proportion, "
        "proportions, proportion of, fraction, fraction of, %, % of, what percentage of, what percent of, "
        "what share of, what proportion of, what fraction of, as a share, as a percentage, in percent, "
        "as percentages, as percent, as shares, as a percentage of total, as percent of total, percent of total, "
        "percentage of total, share of total, percentage of the total, share of the total, percent of the total, "
        "percentage of all, percent of all, share of all, part of, % of total, contribution, contribution of, contribute",
        "trend": "trend, trends, over time, through time, evolution, evolve, evolved, history, development, timeline, "
        "time series, over the years, over the months, trend of, trend in, evolution of, trend for, "
        "developed, changed, moved, development of, how has, how did, over the course of time, through the years, with time, across time, "
        "changed over time, change over time, changes over time, develop over time, progress over time",
        "growth": "change, change in, changes in, percentage change, percent change, percentage change in, "
        "percent change in, growth, growth of, growth in, growth rate, growth rate of, yoy, mom, qoq, wow, "
        "growth by, grew, grow, grown, growing, rise, rose, risen, increase, increased, increases, decrease, "
        "decreased, decline, declined, fell, fall, dropped, drop, shrank, shrink",
        "cumulative": "cumulative, running total, running sum, cumulated, running total of, cumulative sum of, "
        "cumulative sum, cumulative total",
        "distribution": "distribution, distribution of, distributed, histogram, histogram of, frequencies, spread, "
        "spread of, breakdown, breakdown of, value counts, value counts of, frequency distribution, "
        "frequency distribution of, distributions, distributions of, frequency",
        "correlation": "correlation, correlations, correlation between, correlate, correlated, correlates, "
        "correlation of, relationship, relationship between, relation between, relation, association between, "
        "correlation coefficient, correlation coefficient between, related, related to, correlated with, "
        "pearson, pearson correlation, pearson correlation coefficient, correlation matrix, association, "
        "pearson correlation between, correlates with, correlate with, depend on, depends on, relationships, "
        "correlation coefficients, correlation with, relate to, linear relationship, linear correlation, "
        "what drives, drives, drive, affects, affect, influences, influence, impacts, impact, determines",
        "spearman": "spearman, rank correlation, spearman correlation, spearman rank correlation, spearman's",
        "difference": "difference, differences, difference between, differ, differs, compare, compared, comparison, versus, vs, "
        "compared to, comparison of, compare to, difference in, differences in, differences between, contrast, "
        "comparing, compared with, differ between, gap between, gap, comparison between, higher or lower, than, more often, more often than, less often, "
        "less often than, more likely, more likely than, less likely, less likely than, more likely to, more frequently",
        "missing": "missing, null, nulls, blank, blanks, nan, nans, incomplete, missing values, null values, "
        "missing value, empty, missing data, empty values, empty cells, missing entries, completeness, unknown, "
        "missing values of, missing values in, null entries, missing values for, not known, not available, not given",
        "join": "join, joined, joined with, join with, merge, merge with, merged, merged with, combine, combined with",
        "present": "not missing, not null, not empty, not blank, non null, non missing, no missing, is known, are known, "
        "non-null, not nan, no null, without missing, without missing values, without null",
        "outliers": "outlier, outliers, anomaly, anomalies, anomalous, unusual, extreme values, unusual values, outlying, "
        "outliers in, iqr, iqr method, interquartile range method",
        "iqr": "interquartile range, interquartile range of",
        "zscore": "z-score, zscore, z-scores, z score method",
        "duplicates": "duplicate, duplicates, duplicated, duplicate rows, duplicated rows, repeated rows, duplicate records, "
        "duplicate values, duplications, identical rows, duplicate entries",
        "describe": "describe, summarise, summarize, summary, summary of, overview, overview of, profile, statistics, "
        "stats, tell me about, description, description of, summary statistics, descriptive statistics, "
        "summary statistics of, statistics of, statistics for, summary statistics for, basic statistics, "
        "descriptive statistics of, descriptive statistics for, summarised, profile of, stats of, "
        "stats for, describe the, explore, statistical summary, statistical summary of, look like",
        "rows": "rows, records, row, record, entries, list, list all, list of, find, examples, example, sample, head, tail, "
        "preview, all rows, every row, look up, lookup, find all, entry, observations, lines, data points, "
        "display all, records of, details, details of, detail, all the rows, instances, samples, people, persons, individuals",
        "show": "show, display, give, get, see, return, fetch, print, show me, give me, tell me, let me see, i want, i need",
        "sheets": "sheets, tables, datasets, what data, which data, which tables, what tables, list tables, list sheets, "
        "list datasets, what sheets, which sheets, what data is there, what data do you have, what do you have, "
        "which datasets, what datasets, list the tables, list the sheets, what can i ask, what is there, "
        "what data do i have, what data have i, available data, data available, what data is available, all tables, "
        "files, what files, which files, data is there, what data are there, what can you see, show tables, "
        "show me the tables, show me the data, what is in this project, what is in the project, what tables are there",
        "columns": "columns, fields, schema, column names, which columns, what columns, list columns, list the columns, "
        "field names, variables, features, attributes, structure, columns of, columns in, what fields, which fields",
    },
    Role.GRAIN: {
        "day": "daily, day, days, per day, each day, every day, day by day",
        "week": "weekly, week, weeks, each week, week by week, calendar week",
        "month": "monthly, month, months, each month, month by month, calendar month",
        "quarter": "quarterly, quarter, quarters, each quarter",
        "year": "yearly, annually, annual, year, years, each year, year by year, calendar year",
        "hour": "hourly, hour, hours, hour of day, hour of the day, time of day",
        "weekday": "weekday, weekdays, day of week, day of the week, days of the week, by weekday",
        "month of year": "month of year, month of the year, calendar months, months of the year, month name",
    },
    Role.SORT: {
        "sort": "sorted by, order by, ordered by, sort by, ranked by, sort, sort it by, sorted, ordered, order it by, "
        "sort them by, in order of, arranged by, ranking by, arrange by, rank by, sort the rows by",
        "rank": "rank, ranking, ranking of, ranked, rank the, ranks",
    },
    Role.DIRECTION: {
        "asc": "ascending, ascending order, in ascending order, increasing, lowest first, smallest first, asc, "
        "from low to high, low to high, oldest first, from lowest to highest, in increasing order",
        "name": "alphabetically, a to z, alphabetical order, in alphabetical order, by name order",
        "desc": "descending, descending order, in descending order, decreasing, highest first, largest first, z to a, "
        "from high to low, high to low, newest first, latest first, biggest first, from highest to lowest, "
        "in decreasing order, most recent first",
    },
    Role.CHART: {
        "chart": "chart, plot, graph, visualise, visualize, draw, diagram, as a chart, as a graph, as a plot, as chart, "
        "make a chart, make a plot, chart it, plot it, in a chart, visualization, visualisation, plotted, chart of, "
        "plot of, graph of, draw a chart of, plot the, figure",
        "bar": "bar chart, bar graph, bars, as bars, as a bar chart, bar plot, barchart, bar chart of, columns chart, "
        "column chart",
        "line": "line chart, line graph, as a line, as a line chart, line plot, line chart of, lines",
        "pie": "pie, pie chart, as a pie, as a pie chart, pie chart of, donut, donut chart",
        "scatter": "scatter, scatter plot, scatterplot, as a scatter, scatter chart, scatter plot of, as a scatter plot",
        "table": "as a table, as table, in a table, table only, no chart, without a chart, without chart",
    },
    Role.AND: {"and": "and, as well as, plus, also, along with, together with, &, +, comma, ;"},
    Role.OR: {"or": "or"},
    Role.BE: {"be": "is, are, was, were, be, been, being, am"},
    Role.HAVE: {"have": "has, have, had, having, 've"},
    Role.WITH: {"with": "with, that, whose, having a, if, filter, filtered, given, satisfying, filtered by, such that"},
    Role.IN: {"in": "in, for, from, within, of, to, at, on, only, just, only for, only in, during, inside, among, "
              "limited to, restricted to, as, into, only from, only those, into the, belonging to, about, under the"},
}  # fmt: skip
_STOP = word_set(
    "help a an the this that these those it its they them their there here i me my mine we us our you your he she his her "
    "do does did done doing can could would will shall should may might must please kindly hey hello hi ok okay so "
    "then than now just really actually need like know let make tell us any some all both much many more very data "
    "dataset table sheet file project column group groups category value values overall question answer calculate "
    "compute determine work obtain provide using use identify report one ones which too again still how come comes "
    "came go goes went got take takes took look looks exist exists existing entire whole respectively corresponding "
    "given following aged instead same but sold selling sell sells selling made makes earn earned earns bought buy buys paid pay pays spent placed ordered "
    "recorded observed reported registered noted regard regards terms case cases times level levels yes well thanks "
    "column dataframe csv respect measured available t s re ll d m"
)


STEPS = {
    (unit, joint, unit): unit
    for unit in ("day", "week", "month", "quarter", "year")
    for joint in ("over", "on", "to", "vs", "versus")
} | {("yoy",): "year", ("mom",): "month", ("qoq",): "quarter", ("wow",): "week"}
_CHANGES = (
    "",
    "growth",
    "growth of",
    "growth in",
    "change",
    "change of",
    "change in",
    "growth rate",
    "growth rate of",
)


def _build() -> dict[tuple[str, ...], tuple[Role, str]]:
    made: dict[tuple[str, ...], tuple[Role, str]] = {(w,): (Role.STOP, w) for w in _STOP}
    for role, values in _PHRASES.items():
        for value, phrases in values.items():
            for phrase in phrases.split(", "):
                words = ("," if phrase == "comma" else phrase).strip().split()
                made[tuple(w for word in words for w in (word.split("-") if len(word) > 2 else [word]))] = (
                    role,
                    value,
                )
    made[(",",)] = (Role.AND, "and")
    for step in STEPS:
        made |= {(*step, *change.split()): (Role.INTENT, "growth") for change in _CHANGES}
    return made


PHRASES = _build()
LONGEST = max(len(p) for p in PHRASES)
# Words that a slip of the keyboard may have been meant for.
SPELLED = tuple(
    sorted(
        {
            p[0]
            for p, (role, _) in PHRASES.items()
            if len(p) == 1
            and len(p[0]) >= 5
            and role in (Role.AGGREGATE, Role.SUPERLATIVE, Role.INTENT, Role.GRAIN)
        }
    )
)
