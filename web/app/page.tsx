import { ProjectsScreen } from "@/features/projects";

export default function Page() {
  return <ProjectsScreen />;
}
