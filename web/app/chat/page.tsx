import { ChatScreen } from "@/features/chat";
import { ProjectGate } from "@/features/projects";

export default function Page() {
  return (
    <ProjectGate>
      <ChatScreen />
    </ProjectGate>
  );
}
