"""Datasets on the wire."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field

from oryxforge.api.schemas.body import PROJECT_ID, Body, Out, Text, example

Name = Annotated[Text, Field(description="As a person types it.", examples=["Sales"])]


class DatasetsOf(Body):
    model_config = example(project_id=PROJECT_ID)

    project_id: UUID


class NewDataset(DatasetsOf):
    model_config = example(project_id=PROJECT_ID, name="Sales")

    name: Name


class DatasetPatch(Body):
    name: Name


class DatasetOut(Out):
    id: UUID
    project_id: UUID
    user_owner: UUID
    name: str
    name_python: str
    created_at: datetime
    deleted_at: Annotated[datetime | None, Field(description="Of a deleted dataset.")] = None
    kept_until: Annotated[datetime | None, Field(description="Until when it can be brought back.")] = None


class DatasetList(Out):
    datasets: list[DatasetOut]
    count: int
