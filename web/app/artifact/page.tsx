import { ArtifactScreen } from "@/features/artifacts";
import { ProjectGate } from "@/features/projects";

export default function Page() {
  return (
    <ProjectGate>
      <ArtifactScreen />
    </ProjectGate>
  );
}
