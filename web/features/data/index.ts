export { DataScreen } from "./data-screen";
export { datasetsKey, sheetsKey, useDatasets, useSheets, type Dataset, type Sheet } from "@/features/sheets";
