import { DataScreen } from "@/features/data";
import { ProjectGate } from "@/features/projects";

export default function Page() {
  return (
    <ProjectGate>
      <DataScreen />
    </ProjectGate>
  );
}
