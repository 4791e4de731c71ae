"""Datasets: `/datasets`."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from oryxforge.api.deps import Api, Caller
from oryxforge.api.json import JsonRoute
from oryxforge.api.openapi import signed_in, with_body
from oryxforge.api.schemas.datasets import DatasetList, DatasetOut, DatasetPatch, DatasetsOf, NewDataset
from oryxforge.api.schemas.sheets import SheetList, SheetOut
from oryxforge.domain.datasets import Dataset

router = APIRouter(prefix="/datasets", tags=["datasets"], route_class=JsonRoute)


@router.get("", summary="List a project's datasets", responses=signed_in(404))
async def in_project(
    api: Api, actor: Caller, project_id: Annotated[UUID, Query()], deleted: Annotated[bool, Query()] = False
) -> DatasetList:
    """With `deleted`, those that can be brought back, the last one that was deleted first."""
    listed = api.datasets.deleted_in if deleted else api.datasets.in_project
    return _listed(await listed(actor, project_id))


@router.post("/list", summary="List a project's datasets", responses=with_body(404))
async def list_all(api: Api, actor: Caller, body: DatasetsOf) -> DatasetList:
    return _listed(await api.datasets.in_project(actor, body.project_id))


@router.post("/create", status_code=201, summary="Make a dataset", responses=with_body(404, 409))
async def create(api: Api, actor: Caller, body: NewDataset) -> DatasetOut:
    return DatasetOut.model_validate(await api.datasets.create(actor, body.project_id, body.name))


@router.patch("/{dataset_id}", summary="Rename a dataset", responses=with_body(404, 409))
async def rename(api: Api, actor: Caller, dataset_id: UUID, body: DatasetPatch) -> DatasetOut:
    return DatasetOut.model_validate(await api.datasets.rename(actor, dataset_id, body.name))


@router.delete("/{dataset_id}", status_code=204, summary="Delete a dataset", responses=signed_in(404, 409))
async def delete(api: Api, actor: Caller, dataset_id: UUID) -> Response:
    """Hides the dataset and its sheets; they can be restored for 30 days."""
    await api.datasets.delete(actor, dataset_id)
    return Response(status_code=204)


@router.post("/{dataset_id}/restore", summary="Bring a deleted dataset back", responses=signed_in(404, 409))
async def restore(api: Api, actor: Caller, dataset_id: UUID) -> DatasetOut:
    """With the sheets that were deleted with it."""
    return DatasetOut.model_validate(await api.datasets.restore(actor, dataset_id))


@router.get("/{dataset_id}/sheets", summary="List a dataset's sheets", responses=signed_in(404))
async def sheets(api: Api, actor: Caller, dataset_id: UUID) -> SheetList:
    found = [SheetOut.model_validate(s) for s in await api.sheets.in_dataset(actor, dataset_id)]
    return SheetList(sheets=found, count=len(found))


def _listed(datasets: list[Dataset]) -> DatasetList:
    found = [DatasetOut.model_validate(d) for d in datasets]
    return DatasetList(datasets=found, count=len(found))
