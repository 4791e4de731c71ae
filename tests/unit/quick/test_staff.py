"""Questions about people at work: names in camel case, values that are words of their own, superlatives."""

from typing import Any

import pytest

from unit.quick.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASES: list[tuple[str, list[list[Any]]]] = [
    ("average salary by department", [["Legal", 6200], ["IT", 5000], ["Sales", 3200]]),
    ("how many employees per department", [["IT", 3], ["Sales", 3], ["Legal", 2]]),
    ("headcount by department", [["IT", 3], ["Sales", 3], ["Legal", 2]]),
    ("number of women", [[4]]),
    ("how many men are in Sales?", [[2]]),
    ("average salary of women", [[4750]]),
    ("average salary in IT", [[5000]]),
    ("average salary in it", [[5000]]),
    ("how many employees are not in IT", [[5]]),
    ("employee count by gender", [["female", 4], ["male", 4]]),
    (
        "difference in salary between men and women",
        [["female", 4750, 4, 1268.8578, 0], ["male", 4500, 4, 1507.7577, -250]],
    ),
    ("how many employees are older than 40?", [[4]]),
    ("how many employees are aged under 30", [[2]]),
    ("how many remote employees per department", [["IT", 2], ["Legal", 1], ["Sales", 1]]),
    ("percentage of remote employees", [[4, 8, 50]]),
    ("percentage of remote employees by department", [["IT", 2, 3, 66.6667], ["Legal", 1, 2, 50], ["Sales", 1, 3, 33.3333]]),
    ("what percentage of employees are women?", [[4, 8, 50]]),
    ("remote rate by gender", [["female", 50], ["male", 50]]),
    ("salary of Ann Ash", [[3000]]),
    ("correlation between age and salary", [["age", "salary", 0.5453, 8]]),
    ("does salary depend on age?", [["salary", "age", 0.5453, 8]]),
    ("how many employees were hired in 2019?", [[1]]),
    ("when was Bob Bay hired?", [["2018-06-15"]]),
    ("total postcode", [[281866]]),
    ("departments with more than 2 employees", [["IT", 3], ["Sales", 3]]),
    ("departments with average salary over 4000", [["Legal", 6200], ["IT", 5000]]),
    ("lowest salary in each department", [["Legal", 6000], ["IT", 4800], ["Sales", 3000]]),
    ("min max and average salary", [[3000, 6400, 4625]]),
    ("average age and salary by department", [["Legal", 56, 6200], ["Sales", 37.6667, 3200], ["IT", 33.3333, 5000]]),
    ("age range", [[35]]),
    ("average salry by deparment", [["Legal", 6200], ["IT", 5000], ["Sales", 3200]]),
    ("AVERAGE SALARY BY DEPARTMENT", [["Legal", 6200], ["IT", 5000], ["Sales", 3200]]),
    ("most common department", [["IT", 3], ["Sales", 3], ["Legal", 2]]),
    ("distinct departments", [[3]]),
    ("oldest hire date", [["2005-12-01"]]),
    ("latest hire date", [["2022-08-08"]]),
]  # fmt: skip

PEOPLE: list[tuple[str, list[str]]] = [
    ("who earns the most?", ["Hal Hay"]),
    ("who is the oldest?", ["Hal Hay"]),
    ("youngest employee", ["Ann Ash"]),
    ("highest paid employee", ["Hal Hay"]),
    ("top 3 employees by salary", ["Hal Hay", "Fay Fox", "Dot Day"]),
    ("employees in IT with salary over 5000", ["Dot Day"]),
    ("employees by salary descending", ["Hal Hay", "Fay Fox", "Dot Day", "Cid Cox", "Eve Elm", "Bob Bay", "Gus Gay", "Ann Ash"]),
    ("employees with salary between 3000 and 3200", ["Ann Ash", "Gus Gay"]),
    ('employees whose full name starts with "D"', ["Dot Day"]),
    ("employees hired before 2011", ["Fay Fox", "Hal Hay"]),
    ("employees hired since 2021", ["Eve Elm", "Gus Gay"]),
    ("people in the legal department", ["Fay Fox", "Hal Hay"]),
    ("remote women", ["Ann Ash", "Dot Day"]),
    ("employees named Gus", ["Gus Gay"]),
    ("first 2 employees", ["Ann Ash", "Bob Bay"]),
    ("select * from hr.Employees where age = 33", ["Cid Cox"]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "rows"), CASES)
async def test_is_answered_with_its_rows(staff: Scene, question: str, rows: list[list[Any]]) -> None:
    answer = await staff.ask(question)
    assert len(answer.rows) == len(rows), answer.text
    for found, expected in zip(answer.rows, rows, strict=True):
        assert [pytest.approx(e, abs=1e-3) if isinstance(e, float | int) else e for e in expected] == found


@pytest.mark.parametrize(("question", "names"), PEOPLE)
async def test_lists_people(staff: Scene, question: str, names: list[str]) -> None:
    answer = await staff.ask(question)
    at = answer.headers.index("fullName")
    assert [row[at] for row in answer.rows] == names
