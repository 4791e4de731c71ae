import { WorkflowScreen } from "@/features/workflow";
import { ProjectGate } from "@/features/projects";

export default function Page() {
  return (
    <ProjectGate>
      <WorkflowScreen />
    </ProjectGate>
  );
}
