export { addressOfSheet } from "./address";
export {
  useChangeSheet,
  useCreateDataset,
  useDeleteDataset,
  useDeleteSheet,
  useGoTo,
  usePlaceSheet,
  useRenameDataset,
  useRestoreDataset,
  useRestoreSheet,
  versionMoved,
} from "./changes";
export { datasetsKey, sheetKey, sheetsKey, useDatasets, useDeletedDatasets, useDeletedSheets, useSheets, useVersions, type Dataset, type Sheet } from "./queries";
