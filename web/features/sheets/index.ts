export { addressOfSheet } from "./address";
export { datasetsKey, sheetsKey, useDatasets, useSheets, useVersions, type Dataset, type Sheet } from "./queries";
