export { ArtifactCard } from "./artifact-card";
export { ArtifactPanel } from "./artifact-panel";
export { Chart } from "./chart";
