export { WorkflowScreen } from "./workflow-screen";
