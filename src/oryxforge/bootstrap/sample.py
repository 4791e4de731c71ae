"""The sample project of a first start: a made-up shop, the same rows each time."""

import csv
import io
import random
from collections.abc import AsyncIterator
from datetime import date, timedelta
from uuid import UUID

from oryxforge.domain.errors import Conflict
from oryxforge.domain.identity import Actor
from oryxforge.domain.sources import LoadSettings, SaveSettings
from oryxforge.ports.accounts import Account
from oryxforge.services.jobs import Jobs
from oryxforge.services.projects import Projects
from oryxforge.services.sources import Sources

NAME = "Sample project"
PRODUCTS = (
    ("Espresso beans", "Coffee", 14.5),
    ("Filter coffee", "Coffee", 11.9),
    ("Green tea", "Tea", 8.4),
    ("Earl Grey", "Tea", 7.9),
    ("Stoneware mug", "Kitchen", 12.0),
    ("Hand grinder", "Kitchen", 64.0),
    ("Oat biscuits", "Snacks", 4.2),
    ("Dark chocolate", "Snacks", 3.6),
)
REGIONS = {"North": 1.0, "South": 1.3, "East": 0.7, "West": 0.9}
ROWS = 4000


async def seed_sample(owner: Account, projects: Projects, sources: Sources, jobs: Jobs) -> None:
    """Makes the sample project if the owner has no project yet."""
    actor = Actor(owner.id, owner.email, request_id="first-start")
    if await projects.all(actor):
        return
    try:
        project = await projects.create(actor, NAME)
    except Conflict:
        return
    await _import(actor, project.id, ("orders.csv", orders()), "Orders", sources, jobs)
    await _import(actor, project.id, ("customers.csv", customers()), "Customers", sources, jobs)


async def _import(
    actor: Actor, project_id: UUID, file: tuple[str, bytes], sheet: str, sources: Sources, jobs: Jobs
) -> None:
    name, body = file
    source = await sources.upload(actor, project_id, name, _once(body))
    save = SaveSettings(False, "Sources", {"data": sheet})
    run = await sources.start_import(actor, project_id, source.id, save, LoadSettings())
    await jobs.wait(actor, run.id, 30)


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


def orders() -> bytes:
    """Three years of orders with a season, a trend, and some missing discounts."""
    dice = random.Random(7)  # noqa: S311 - made-up rows, the same each time
    rows: list[list[object]] = []
    for number in range(ROWS):
        day = date(2023, 1, 1) + timedelta(days=dice.randrange(1096))
        product, category, price = dice.choices(PRODUCTS, weights=[6, 5, 4, 3, 2, 1, 5, 4])[0]
        region = dice.choices(list(REGIONS), weights=list(REGIONS.values()))[0]
        season = 2 if day.month in (11, 12) else 1
        quantity = dice.randint(1, 4) * season + (day.year - 2023)
        discount = dice.choice(["", "0", "0.05", "0.1"])
        amount = round(quantity * price * (1 - float(discount or 0)), 2)
        customer = f"C{dice.randrange(1, 301):04d}"
        rows.append(
            [
                f"O{number + 1:05d}",
                day,
                customer,
                region,
                product,
                category,
                quantity,
                price,
                discount,
                amount,
            ]
        )
    rows.sort(key=lambda r: str(r[1]))
    header = ["order_id", "order_date", "customer_id", "region", "product", "category", "quantity"]
    return _csv([*header, "unit_price", "discount", "amount"], rows)


def customers() -> bytes:
    dice = random.Random(11)  # noqa: S311 - made-up rows, the same each time
    firsts = ("Ada", "Ben", "Chen", "Dara", "Emil", "Farah", "Goran", "Hana", "Ines", "Jonas")
    lasts = ("Abel", "Brandt", "Costa", "Dietz", "Evans", "Fischer", "Garcia", "Holm", "Ito", "Jansen")
    rows: list[list[object]] = []
    for number in range(1, 301):
        joined = date(2020, 1, 1) + timedelta(days=dice.randrange(1400))
        name = f"{dice.choice(firsts)} {dice.choice(lasts)}"
        segment = dice.choices(["private", "business", "school"], weights=[7, 2, 1])[0]
        rows.append([f"C{number:04d}", name, segment, dice.choice(list(REGIONS)), joined])
    return _csv(["customer_id", "name", "segment", "home_region", "joined"], rows)


def _csv(header: list[str], rows: list[list[object]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()
