import { ProjectGate, ProjectScreen } from "@/features/projects";

export default function Page() {
  return (
    <ProjectGate>
      <ProjectScreen />
    </ProjectGate>
  );
}
