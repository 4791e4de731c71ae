"""Small messy tables of five trades: prices as texts, rates as fractions and as percentages, gaps, long headers, umlauts."""

from collections.abc import Sequence
from datetime import date, datetime

from unit.quick.tables import Tables


def _columns(names: str, rows: Sequence[Sequence[object]]) -> dict[str, Sequence[object]]:
    return {n: list(c) for n, c in zip(names.split("|"), zip(*rows, strict=True), strict=True)}


SALES: Tables = {
    "shop.Sales": _columns(
        "OrderNo|order_date|Region|product_name|qty|channel|total_amount|discount_rate|isReturned|list price",
        [
            (1000, date(2022, 1, 5), "North", "Desk", 6, "online", 380.0, 0.2, True, "€19.50"),
            (1001, date(2022, 2, 12), "South", "Shelf", 9, "store", 55.0, 0.0, False, "€14.50"),
            (1002, date(2022, 2, 19), "East", "Lamp", 2, "online", 184.0, 0.0, False, "€21.50"),
            (1003, date(2022, 5, 6), "West", "Chair", 9, "store", 181.0, 0.05, False, "€90.50"),
            (1004, date(2022, 8, 13), "North", "Desk", 1, "online", 239.0, 0.2, True, "€38.50"),
            (1005, date(2022, 11, 2), "South", "Chair", 4, "store", 120.0, 0.1, False, "€33.50"),
            (1006, date(2022, 12, 20), "East", "Shelf", 3, "online", 90.0, 0.05, False, "€30.50"),
            (1007, date(2023, 1, 8), "North", "Lamp", 5, "store", 150.0, 0.0, False, "€30.00"),
            (1008, date(2023, 3, 21), "South", "Chair", 8, "online", 261.0, 0.0, False, "€18.50"),
            (1009, date(2023, 3, 30), "West", "Desk", 7, "store", 300.0, 0.1, False, "€42.50"),
            (1010, date(2023, 4, 4), "North", "Lamp", 2, "online", 60.0, 0.0, True, "€30.00"),
            (1011, date(2023, 7, 9), "East", "Desk", 4, "online", 310.0, 0.05, False, "€77.50"),
            (1012, date(2023, 9, 15), "South", "Shelf", 6, "store", 175.0, 0.2, False, "€29.50"),
            (1013, date(2023, 12, 14), "West", "Chair", 2, "online", 88.0, 0.0, False, "€44.00"),
            (1014, date(2024, 1, 9), "North", "Desk", 3, "online", 300.0, 0.1, False, "€20.50"),
            (1015, date(2024, 2, 12), "South", "Lamp", 2, "store", 80.0, 0.0, False, "€12.50"),
            (1016, date(2024, 3, 31), "East", "Chair", 4, "online", 120.0, 0.2, True, "€33.50"),
        ],
    ),
}

SURVEYS: Tables = {
    "poll.Survey": _columns(
        "respondent_id|age group|gender|The product is easy to use|I am satisfied with the support|Would you buy again?"
        "|nps_score|completion_pct|Country",
        [
            (1, "25-34", "Female", "Agree", None, "Yes", 9, 80.0, "France"),
            (2, "18-24", "Male", "Strongly agree", "Agree", "Yes", 10, 100.0, "Germany"),
            (3, "45+", "Male", "Disagree", "Disagree", "No", 2, 20.0, "Spain"),
            (4, "25-34", "Non-binary", "Neutral", "Agree", "No", 6, 55.0, "Germany"),
            (5, "35-44", "Female", "Agree", "Strongly agree", "Yes", 8, None, "Spain"),
            (6, "45+", "Female", "Strongly disagree", "Neutral", "No", 0, 35.5, "France"),
            (7, "25-34", "Male", "Agree", None, "Yes", 7, 100.0, "Germany"),
            (8, "18-24", "Female", "Neutral", "Disagree", "No", 5, 10.0, "Spain"),
        ],
    ),
}

SENSORS: Tables = {
    "plant.Readings": _columns(
        "timestamp|deviceId|temp_c|pressureBar|status|humidity",
        [
            (datetime(2024, 3, 1, 0), "pump-1", 20.5, 1.2, "ok", 0.62),
            (datetime(2024, 3, 1, 0), "pump-2", 23.5, 1.4, "error", 0.05),
            (datetime(2024, 3, 1, 12), "pump-1", 22.0, 1.3, "ok", 0.50),
            (datetime(2024, 3, 1, 12), "pump-2", None, 1.9, "ok", 0.71),
            (datetime(2024, 3, 2, 6), "pump-1", 21.0, 1.1, "error", 0.93),
            (datetime(2024, 3, 2, 6), "pump-2", 99.0, 1.8, "ok", 0.28),
            (datetime(2024, 3, 3, 0), "pump-1", 20.0, 1.5, "ok", 0.44),
            (datetime(2024, 3, 3, 0), "pump-2", 24.0, 1.6, "error", 0.09),
            (datetime(2024, 3, 3, 18), "pump-1", 23.0, 1.7, "ok", 0.60),
            (datetime(2024, 3, 3, 18), "pump-2", 26.0, 1.2, "ok", 0.33),
        ],
    ),
}  # fmt: skip

STAFFED: Tables = {
    "hr.Employees": _columns(
        "emp_id|full_name|dept|office|hire_date|termination_date|annualSalary|age|gender|bonus_pct|performance_rating|manager",
        [
            (1, "Ada", "Engineering", "Berlin", date(2012, 1, 1), date(2023, 1, 15), 30000, 22, "F", 0.01, 2, "Ada"),
            (2, "Ben", "HR", "Paris", date(2017, 8, 2), None, 38000, 35, "F", 0.14, 4, "Ada"),
            (3, "Cem", "Finance", "London", date(2022, 3, 3), None, 46000, 48, "M", 0.24, 4, "Ada"),
            (4, "Dan", "Sales", "Berlin", date(2015, 10, 4), None, 54000, 61, "M", 0.04, 4, "Ada"),
            (5, "Eva", "Engineering", "Paris", date(2020, 5, 5), None, 62000, 34, "F", 0.0, 3, "Ben"),
            (6, "Fay", "Engineering", "London", date(2013, 12, 6), None, 70000, 47, "F", 0.18, 3, "Ben"),
            (7, "Gus", "HR", "Berlin", date(2018, 7, 7), date(2023, 7, 15), 78000, 60, "M", 0.14, 5, "Ben"),
            (8, "Hal", "Sales", "Paris", date(2020, 2, 8), None, 35000, 33, "M", 0.1, 5, "Cem"),
        ],
    ),
}  # fmt: skip

INVOICES: Tables = {
    "buch.Rechnungen": _columns(
        "RechnungsNr|Datum|Kunde|Land / Country|Warengruppe|Menge / Quantity|Umsatz (€)|MwSt %|Zahlungsstatus",
        [
            ("R001", date(2023, 1, 10), "Müller GmbH", "Österreich", "Bücher", 1, 10.0, 19.0, "offen"),
            ("R002", date(2023, 1, 20), "Šimek", "Schweiz", "Möbel", 2, 13.5, 7.0, "bezahlt"),
            ("R003", date(2023, 2, 10), "Ærø AS", "Deutschland", "Möbel", 3, 17.0, 19.0, "bezahlt"),
            ("R004", date(2023, 2, 15), "Müller GmbH", "Schweiz", "Spielzeug", 4, 20.5, 7.0, "offen"),
            ("R005", date(2023, 3, 10), "Peña SA", "Österreich", "Bücher", 5, 24.0, 19.0, "bezahlt"),
            ("R006", date(2023, 3, 11), "Šimek", "Deutschland", "Spielzeug", 1, 90.0, 19.0, "bezahlt"),
        ],
    ),
}

TWO_SHEETS: Tables = {
    "web.Orders": _columns(
        "order_id|customerId|amount|order_date|status",
        [
            (1, 10, 50.0, date(2024, 1, 5), "open"),
            (2, 11, 20.0, date(2024, 1, 9), "paid"),
            (3, 10, 70.0, date(2024, 2, 1), "paid"),
            (4, 12, 30.0, date(2024, 2, 20), "paid"),
            (5, 13, 10.0, date(2024, 3, 3), "cancelled"),
            (6, 11, 40.0, date(2024, 3, 9), "paid"),
            (7, 10, 5.0, date(2024, 3, 15), "open"),
            (8, 99, 1.0, date(2024, 3, 20), "paid"),
        ],
    ),
    "web.Customers": _columns(
        "customer_id|name|country|vip",
        [
            (10, "Ann", "France", True),
            (11, "Bob", "Spain", False),
            (12, "Cy", "France", False),
            (13, "Di", "Italy", True),
            (14, "Ed", "Italy", False),
        ],
    ),
}
TRADES: dict[str, Tables] = {
    "sales": SALES,
    "survey": SURVEYS,
    "sensors": SENSORS,
    "staff": STAFFED,
    "invoices": INVOICES,
    "web": TWO_SHEETS,
}
