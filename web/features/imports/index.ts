export { AddData } from "./add-data";
export { DropZone } from "./drop-zone";
export { FilesScreen } from "./files-screen";
export { ImportScreen } from "./import-screen";
export { Receipt } from "./receipt";
export { Sources } from "./sources";
export type { Source } from "./upload-state";
export { UploadTray } from "./upload-tray";
export { startUpload } from "./uploads";
