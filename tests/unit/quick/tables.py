"""Small tables whose sums can be done by hand."""

from collections.abc import Sequence
from datetime import date, datetime

import pyarrow as pa

Columns = dict[str, Sequence[object]] | pa.Table
Tables = dict[str, Columns]

SHOP: Tables = {
    "sales.Orders": {
        "order_id": ["O1", "O2", "O3", "O4", "O5", "O6", "O7", "O8"],
        "order_date": [
            date(2023, 1, 10), date(2023, 2, 15), date(2023, 7, 1), date(2024, 1, 5),
            date(2024, 1, 20), date(2024, 3, 3), date(2024, 11, 11), date(2024, 12, 31),
        ],
        "customer_id": ["C1", "C2", "C1", "C3", "C2", "C1", "C3", "C4"],
        "region": ["Europe", "Asia", "Europe", "Europe", "Asia", "America", "America", "Europe"],
        "product": ["Tea", "Coffee", "Tea", "Mug", "Coffee", "Tea", "Mug", "Coffee"],
        "quantity": [1, 2, 3, 4, 5, 6, 7, 8],
        "unit_price": [10.0, 20.0, 10.0, 5.0, 20.0, 10.0, 5.0, 20.0],
        "amount": [10.0, 40.0, 30.0, 20.0, 100.0, 60.0, 35.0, 160.0],
        "discount": [0.1, None, None, 0.2, None, 0.1, None, 0.1],
        "returned": [False, False, True, False, False, True, False, False],
    },
    "sales.Customers": {
        "customer_id": ["C1", "C2", "C3", "C4", "C5"],
        "name": ["Ada Abel", "Ben Brandt", "Chen Costa", "Dara Dietz", "Émile Evans"],
        "segment": ["private", "business", "private", "school", "private"],
        "credit": [100, 200, 300, 400, 500],
    },
}  # fmt: skip

STAFF: Tables = {
    "hr.Employees": {
        "employeeId": [1, 2, 3, 4, 5, 6, 7, 8],
        "fullName": ["Ann Ash", "Bob Bay", "Cid Cox", "Dot Day", "Eve Elm", "Fay Fox", "Gus Gay", "Hal Hay"],
        "department": ["Sales", "Sales", "IT", "IT", "IT", "Legal", "Sales", "Legal"],
        "gender": ["female", "male", "male", "female", "female", "female", "male", "male"],
        "salary": [3000, 3500, 5000, 5200, 4800, 6000, 3100, 6400],
        "age": [25, 41, 33, 38, 29, 52, 47, 60],
        "hireDate": [
            date(2015, 3, 1), date(2018, 6, 15), date(2019, 1, 7), date(2020, 9, 30),
            date(2021, 2, 1), date(2010, 5, 5), date(2022, 8, 8), date(2005, 12, 1),
        ],
        "remote": [True, False, True, True, False, False, False, True],
        "postcode": [10115, 10117, 20095, 20095, 50667, 80331, 10115, 80331],
    },
}  # fmt: skip

WEATHER: Tables = {
    "climate.Weather": {
        "observed at": [
            datetime(2024, 1, 1, 6), datetime(2024, 1, 1, 18), datetime(2024, 1, 2, 6), datetime(2024, 1, 2, 18),
            datetime(2024, 2, 1, 6), datetime(2024, 2, 1, 18), datetime(2024, 3, 1, 6), datetime(2024, 3, 1, 18),
        ],
        "City": ["Oslo", "Rome", "Oslo", "Rome", "Oslo", "Rome", "Oslo", "Rome"],
        "temp_max (C)": [-5.0, 12.0, -3.0, 14.0, 0.0, 15.0, 4.0, 18.0],
        "rainfall_mm": [0.0, 5.0, 2.0, 0.0, 8.0, 1.0, 3.0, 0.0],
        "humidity": [80, 60, 82, 58, 90, 55, 75, 50],
    },
}  # fmt: skip

SURVEY: Tables = {
    "poll.Answers": {
        "RespondentID": [101, 102, 103, 104, 105, 106, 107, 108, 109, 109],
        "AgeGroup": ["18-29", "30-49", "30-49", "50+", None, "18-29", "50+", "30-49", "18-29", "18-29"],
        "Country": ["France", "Germany", "France", None, "Germany", "Italy", "Italy", "France", "Germany", "Germany"],
        "Satisfaction": [4, 5, None, 2, 3, None, 1, 4, 5, 5],
        "Income": [2000.0, 3000.0, 2500.0, None, 4000.0, 1500.0, 90000.0, 3500.0, 2200.0, 2200.0],
        "WouldRecommend": [1, 1, 0, 0, 1, 0, 0, 1, 1, 1],
    },
}  # fmt: skip
