"""Questions to a shop's orders and customers, each with the rows that answer it."""

from typing import Any

import pytest

from unit.quick.scene import Scene

pytestmark = pytest.mark.asyncio(loop_scope="module")

CASES: list[tuple[str, list[list[Any]]]] = [
    ("What is the total amount?", [[455]]),
    ("total amount by region", [["Europe", 220], ["Asia", 140], ["America", 95]]),
    ("sum of quantity per product", [["Coffee", 15], ["Mug", 11], ["Tea", 10]]),
    ("avg amount by region", [["Asia", 70], ["Europe", 55], ["America", 47.5]]),
    ("median amount", [[37.5]]),
    ("90th percentile of amount", [[118]]),
    ("minimum and maximum unit price", [[5, 20]]),
    ("std of amount by product", [["Coffee", 60], ["Tea", 25.1661], ["Mug", 10.6066]]),
    ("how many orders per region", [["Europe", 4], ["America", 2], ["Asia", 2]]),
    ("number of orders by product", [["Coffee", 3], ["Tea", 3], ["Mug", 2]]),
    ("how many different products are there?", [[3]]),
    ("how many customers", [[5]]),
    ("number of customers by region", [["Europe", 3], ["America", 2], ["Asia", 1]]),
    ("total amount and quantity by region", [["Europe", 220, 16], ["Asia", 140, 7], ["America", 95, 13]]),
    ("total sales in europe", [[220]]),
    ("total revenue for tea and coffee", [[400]]),
    ("total amount not in Europe", [[235]]),
    ("total amount by product except Mug", [["Coffee", 300], ["Tea", 100]]),
    ("how many orders with amount over 50", [[3]]),
    ("number of orders with amount between 30 and 60", [[4]]),
    ("how many orders have a quantity of at least 5", [[4]]),
    ("total amount in 2024", [[375]]),
    ("total amount since 2024", [[375]]),
    ("total amount before March 2023", [[50]]),
    ("total amount in January", [[130]]),
    ("total amount in Q1 2024", [[180]]),
    ("total amount in the last 2 months", [[195]]),
    ("total amount last year", [[80]]),
    ("total amount between January 2023 and June 2023", [[50]]),
    ("total amount on 2024-01-05", [[20]]),
    ("total amount after 2024-03-01", [[255]]),
    ("total amount not in 2024", [[80]]),
    ("average amount of orders in Europe in 2024", [[90]]),
    ("top 2 products by revenue", [["Coffee", 300], ["Tea", 100]]),
    ("bottom 2 products by amount", [["Mug", 55], ["Tea", 100]]),
    ("the 2 products with the highest total revenue", [["Coffee", 300], ["Tea", 100]]),
    ("which 2 regions have the lowest total amount?", [["America", 95], ["Asia", 140]]),
    ("which region has the highest total amount?", [["Europe", 220], ["Asia", 140], ["America", 95]]),
    ("which customer has the most orders?", [["C1", 3], ["C2", 2], ["C3", 2], ["C4", 1]]),
    ("highest amount", [[160]]),
    ("highest amount by region", [["Europe", 160], ["Asia", 100], ["America", 60]]),
    (
        "top 1 product by amount in each region",
        [["America", "Tea", 60], ["Asia", "Coffee", 140], ["Europe", "Coffee", 160]],
    ),
    ("total amount per quarter", [["2023-Q1", 50], ["2023-Q3", 30], ["2024-Q1", 180], ["2024-Q4", 195]]),
    ("how many orders per year", [[2023, 3], [2024, 5]]),
    ("monthly revenue in 2023", [["2023-01", 10], ["2023-02", 40], ["2023-07", 30]]),
    ("yearly amount growth", [[2023, 80, None, None], [2024, 375, 295, 368.75]]),
    ("running total of quantity by year", [[2023, 6, 6], [2024, 30, 36]]),
    ("share of amount by region", [["Europe", 220, 48.3516], ["Asia", 140, 30.7692], ["America", 95, 20.8791]]),
    ("what percentage of orders are from Europe?", [[4, 8, 50]]),
    ("percentage of amount from Europe", [[220, 455, 48.3516]]),
    ("distribution of region", [["Europe", 4, 50], ["America", 2, 25], ["Asia", 2, 25]]),
    ("distribution of amount", [[0, 50, 5], [50, 100, 1], [100, 150, 1], [150, 200, 1]]),
    ("correlation between quantity and amount", [["quantity", "amount", 0.696, 8]]),
    ("outliers in amount", [["amount", 27.5, 70, -36.25, 133.75, 0, 1, 1, 8]]),
    ("duplicate products in orders", [["Coffee", 3], ["Tea", 3], ["Mug", 2]]),
    ("how many orders were returned", [[2]]),
    ("average amount of returned orders", [[45]]),
    ("regions with more than 2 orders", [["Europe", 4]]),
    ("products with total amount over 60", [["Coffee", 300], ["Tea", 100]]),
    ("unit price of Tea", [[10]]),
    ("how many orders where quantity is not 1 and region is not Europe", [[4]]),
    ("total revenue except Tea and Mug", [[300]]),
    ("how many orders are not in Asia or America", [[4]]),
    ("how many customers have a name that starts with A", [[1]]),
    ("top product in each region by revenue", [["America", "Tea", 60], ["Asia", "Coffee", 140], ["Europe", "Coffee", 160]]),
    ("top 1 product per year by quantity", [[2023, "Tea", 4], [2024, "Coffee", 13]]),
    ("total revenue for the month of 2024-01-05", [[120]]),
    ("is the average amount in Asia higher than in Europe?", [
        ["Asia", 70, 2, 42.4264, 0], ["Europe", 55, 4, 70.4746, -15],
    ]),
    ("how many more orders does Europe have than Asia?", [["Europe", 4, 0], ["Asia", 2, -2]]),
    ("change in revenue between 2023 and 2024", [[2023, 80, None, None], [2024, 375, 295, 368.75]]),
    ("revenue in 2023 vs 2024", [[2024, 375, 5, 0], [2023, 80, 3, -295]]),
    ("revenue by region alphabetically", [["America", 95], ["Asia", 140], ["Europe", 220]]),
    ("earliest order date by region", [["America", "2024-03-03"], ["Asia", "2023-02-15"], ["Europe", "2023-01-10"]]),
    ("top 2 customers by revenue", [["C4", 160], ["C2", 140]]),
    ("which customers spent the most?", [["C4", 160], ["C2", 140], ["C1", 100], ["C3", 55]]),
    ("customers with more than 2 orders", [["C1", 3]]),
    ("average number of orders per customer", [[2]]),
    ("how many orders with a discount of 0.2 or more", [[1]]),
    ("how many orders with discount 0.1", [[3]]),
    ("How are sales distributed across regions?", [
        ["Europe", 220, 48.3516], ["Asia", 140, 30.7692], ["America", 95, 20.8791],
    ]),
    ("how has revenue developed over the last two years by year", [[2023, 80], [2024, 375]]),
    ("yearly revenue for Tea vs Mug", [[2023, "Tea", 40], [2024, "Mug", 55], [2024, "Tea", 60]]),
    ("show region and amount where amount > 90", [["Asia", 100], ["Europe", 160]]),
    ("list the regions", [["America", 2], ["Asia", 2], ["Europe", 4]]),
    ("totl amout by regin", [["Europe", 220], ["Asia", 140], ["America", 95]]),
    ('Total "amount" by "region" in sales.orders', [["Europe", 220], ["Asia", 140], ["America", 95]]),
    ("total amount by segment", [["school", 160], ["private", 155], ["business", 140]]),
    ("number of orders by segment", [["private", 5], ["business", 2], ["school", 1]]),
    ("total amount for business customers", [[140]]),
    ("sum of credit by segment", [["private", 900], ["school", 400], ["business", 200]]),
    ("total amount by weekday", [
        ["Monday", 35], ["Tuesday", 170], ["Wednesday", 40], ["Friday", 20], ["Saturday", 130], ["Sunday", 60],
    ]),
    ("select region, sum(amount) s from sales.Orders group by 1 order by 2", [
        ["America", 95], ["Asia", 140], ["Europe", 220],
    ]),
    ("```sql\nselect 1 + 1 as two\n```", [[2]]),
]  # fmt: skip


@pytest.mark.parametrize(("question", "rows"), CASES)
async def test_is_answered_with_its_rows(shop: Scene, question: str, rows: list[list[Any]]) -> None:
    answer = await shop.ask(question)
    assert len(answer.rows) == len(rows), answer.text
    for found, expected in zip(answer.rows, rows, strict=True):
        assert [pytest.approx(e, abs=1e-3) if isinstance(e, float | int) else e for e in expected] == found
    assert answer.text
    assert answer.reading
