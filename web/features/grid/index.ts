export { focusSearch } from "./grid-bar";
export { SheetGrid } from "./sheet-grid";
export { MOST_PRINTED, type PaperRows } from "./use-paper";
export { decoded, encoded, PLAIN, type View } from "./view";
