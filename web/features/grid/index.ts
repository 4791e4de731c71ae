export { focusSearch } from "./grid-bar";
export { SheetGrid } from "./sheet-grid";
export { decoded, encoded, PLAIN, type View } from "./view";
