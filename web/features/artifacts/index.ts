export { ArtifactCard } from "./artifact-card";
export { ArtifactPanel } from "./panel-door";
export { ArtifactScreen } from "./artifact-screen";
export { Chart } from "./chart";
export { Versions } from "./versions";
