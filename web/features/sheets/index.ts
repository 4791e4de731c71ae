export { addressOfSheet } from "./address";
export {
  useChangeSheet,
  useCreateDataset,
  useDeleteDataset,
  useDeleteSheet,
  useRenameDataset,
  useRestoreSheet,
} from "./changes";
export { datasetsKey, sheetsKey, useDatasets, useSheets, useVersions, type Dataset, type Sheet } from "./queries";
