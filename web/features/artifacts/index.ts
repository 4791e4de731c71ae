export { ArtifactCard } from "./artifact-card";
export { ArtifactPanel } from "./artifact-panel";
export { ArtifactScreen } from "./artifact-screen";
export { Chart } from "./chart";
