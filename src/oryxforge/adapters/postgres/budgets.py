"""The SQL of budgets and of what was spent."""

from uuid import UUID

from oryxforge.adapters.postgres.pool import Connection
from oryxforge.adapters.postgres.projects import PgProjects
from oryxforge.domain.budgets import Budget
from oryxforge.domain.identity import Actor, Role

OF_PROJECTS = """
select p.id, b.monthly_usd, oryxforge.spent_in(p.id) as spent_usd
from public.projects p
left join oryxforge.project_budgets b on b.project_id = p.id
where p.deleted_at is null
"""


class PgBudgets:
    def __init__(self, connection: Connection, actor: Actor, projects: PgProjects) -> None:
        self._db = connection
        self._me = actor.user_id
        self._projects = projects

    async def mine(self) -> Budget:
        row = await self._db.fetchrow(
            """select (select monthly_usd from oryxforge.user_budgets where user_id = $1) as monthly_usd,
            oryxforge.spent_by_me() as spent_usd""",
            self._me,
        )
        assert row is not None
        return Budget(row["monthly_usd"], row["spent_usd"])

    async def of_project(self, project_id: UUID) -> Budget:
        await self._projects.get(project_id)
        row = await self._db.fetchrow(OF_PROJECTS + "and p.id = $1", project_id)
        assert row is not None
        return Budget(row["monthly_usd"], row["spent_usd"])

    async def of_projects(self) -> dict[UUID, Budget]:
        rows = await self._db.fetch(OF_PROJECTS)
        return {r["id"]: Budget(r["monthly_usd"], r["spent_usd"]) for r in rows}

    async def set_mine(self, monthly_usd: float | None) -> None:
        await self._set("user_budgets", "user_id", self._me, monthly_usd)

    async def set_for_project(self, project_id: UUID, monthly_usd: float | None) -> None:
        await self._projects.need(project_id, Role.OWNER)
        await self._set("project_budgets", "project_id", project_id, monthly_usd)

    async def _set(self, table: str, key: str, whose: UUID, monthly_usd: float | None) -> None:
        if monthly_usd is None:
            await self._db.execute(f"delete from oryxforge.{table} where {key} = $1", whose)
            return
        await self._db.execute(
            f"""insert into oryxforge.{table} ({key}, monthly_usd) values ($1, $2)
            on conflict ({key}) do update set monthly_usd = excluded.monthly_usd, updated_at = now()""",
            whose,
            monthly_usd,
        )
