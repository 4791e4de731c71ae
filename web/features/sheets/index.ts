export { addressOfSheet } from "./address";
export {
  useChangeSheet,
  useCreateDataset,
  useDeleteDataset,
  useDeleteSheet,
  useGoTo,
  usePlaceSheet,
  useRenameDataset,
  useRestoreSheet,
  versionMoved,
} from "./changes";
export { datasetsKey, sheetKey, sheetsKey, useDatasets, useDeletedSheets, useSheets, useVersions, type Dataset, type Sheet } from "./queries";
